/*
 * Copyright 2026 The nettypipe authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance
 * with the License. You may obtain a copy of the License at
 *
 *   https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software distributed under the License is distributed
 * on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for
 * the specific language governing permissions and limitations under the License.
 */

/*
 * Serves all clients by overlapped operations on one completion port, which some threads dequeue from.
 *
 *     port_server NAME [echo=byte|message] [threads=N]
 *
 * There are as many threads as processors unless it says otherwise. Operations that end at once queue no packet.
 */
#include "race.h"

/* How many instances of each pipe listen at a time: as many as our server has. */
enum { LISTENING = 64 };

enum state { ACCEPTING, READING, WRITING };

struct connection {
    OVERLAPPED operation;
    HANDLE pipe;
    const struct endpoint *endpoint;
    enum state state;
    struct sink sink;
    char *buffer;
};

static HANDLE port;

static void advance(struct connection *connection, DWORD error);

/* Makes one more instance that listens. */
static void listen_at(const struct endpoint *endpoint)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        fail("calloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    connection->endpoint = endpoint;
    connection->pipe = create_instance(endpoint, FILE_FLAG_OVERLAPPED);
    if (CreateIoCompletionPort(connection->pipe, port, 0, 0) == NULL) {
        fail("CreateIoCompletionPort", GetLastError());
    }
    if (!SetFileCompletionNotificationModes(connection->pipe, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS
                                            | FILE_SKIP_SET_EVENT_ON_HANDLE)) {
        fail("SetFileCompletionNotificationModes", GetLastError());
    }
    advance(connection, ConnectNamedPipe(connection->pipe, &connection->operation) ? ERROR_SUCCESS : GetLastError());
}

static DWORD accepted(struct connection *connection, DWORD error)
{
    listen_at(connection->endpoint);
    connection->buffer = malloc(QUOTA);
    if (connection->buffer == NULL) {
        fail("malloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    return error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA ? ERROR_SUCCESS : error;
}

/* What to do when an operation has ended; returns how the next one has begun. */
static DWORD next(struct connection *connection, DWORD done)
{
    const void *reply = connection->buffer;
    DWORD length = done;
    if (connection->state == READING && connection->endpoint->kind == SINK) {
        reply = &connection->sink.got;
        length = sink_take(&connection->sink, connection->buffer, done) ? sizeof connection->sink.got : 0;
    }
    BOOL ended;
    if (connection->state == READING && (length > 0 || connection->endpoint->kind == ECHO)) {
        connection->state = WRITING;
        ended = WriteFile(connection->pipe, reply, length, NULL, &connection->operation);
    } else {
        connection->state = READING;
        ended = ReadFile(connection->pipe, connection->buffer, QUOTA, NULL, &connection->operation);
    }
    return ended ? ERROR_SUCCESS : GetLastError();
}

/* Goes on as long as operations end at once, and returns when one is pending or the client has gone. */
static void advance(struct connection *connection, DWORD error)
{
    while (error != ERROR_IO_PENDING) {
        if (connection->state == ACCEPTING) {
            error = accepted(connection, error);
        }
        if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA) {
            CloseHandle(connection->pipe);
            free(connection->buffer);
            free(connection);
            return;
        }
        error = next(connection, (DWORD) connection->operation.InternalHigh);
    }
}

static DWORD WINAPI run(void *unused)
{
    (void) unused;
    DWORD done;
    ULONG_PTR key;
    OVERLAPPED *operation;
    for (;;) {
        operation = NULL;
        BOOL success = GetQueuedCompletionStatus(port, &done, &key, &operation, INFINITE);
        if (operation == NULL) {
            break;
        }
        advance(CONTAINING_RECORD(operation, struct connection, operation),
                success ? ERROR_SUCCESS : GetLastError());
    }
    fail("GetQueuedCompletionStatus", GetLastError());
    return 0;
}

int main(int argc, char **argv)
{
    static struct endpoint all[ENDPOINTS];
    if (argc < 2) {
        usage("port_server NAME [echo=byte|message] [threads=N]");
    }
    endpoints(argc, argv, all);
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    DWORD threads = number_argument(argc, argv, "threads", system.dwNumberOfProcessors);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, threads);
    if (port == NULL || threads == 0) {
        fail("CreateIoCompletionPort", GetLastError());
    }
    for (int i = 0; i < ENDPOINTS; i++) {
        for (int n = 0; n < LISTENING; n++) {
            listen_at(&all[i]);
        }
    }
    for (DWORD i = 1; i < threads; i++) {
        if (CreateThread(NULL, 0, run, NULL, 0, NULL) == NULL) {
            fail("CreateThread", GetLastError());
        }
    }
    return (int) run(NULL);
}
