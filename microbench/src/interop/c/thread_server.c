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
 * Serves each client by a thread of its own, which blocks: what a C programmer writes first.
 *
 *     thread_server NAME [echo=byte|message]
 */
#include "race.h"

struct client {
    HANDLE pipe;
    enum kind kind;
};

/* The number of bytes read, 0 for an empty message too, or -1 when the client has gone. */
static int read_some(HANDLE pipe, char *buffer)
{
    DWORD got = 0;
    if (!ReadFile(pipe, buffer, QUOTA, &got, NULL) && GetLastError() != ERROR_MORE_DATA) {
        return -1;
    }
    return (int) got;
}

static BOOL write_all(HANDLE pipe, const void *data, DWORD length)
{
    DWORD written;
    return WriteFile(pipe, data, length, &written, NULL);
}

static DWORD WINAPI serve(void *argument)
{
    struct client *client = argument;
    char *buffer = malloc(QUOTA);
    struct sink sink = { 0 };
    int got;
    while (buffer != NULL && (got = read_some(client->pipe, buffer)) >= 0) {
        if (client->kind == ECHO ? !write_all(client->pipe, buffer, (DWORD) got)
                : sink_take(&sink, buffer, (DWORD) got) && !write_all(client->pipe, &sink.got, sizeof sink.got)) {
            break;
        }
    }
    CloseHandle(client->pipe);
    free(buffer);
    free(client);
    return 0;
}

/* Whether a client has come; one that has left already counts, because it may have written something. */
static BOOL await_client(HANDLE pipe)
{
    return ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED || GetLastError() == ERROR_NO_DATA;
}

static DWORD WINAPI accept_clients(void *argument)
{
    const struct endpoint *endpoint = argument;
    HANDLE pipe = create_instance(endpoint, 0);
    while (await_client(pipe)) {
        struct client *client = malloc(sizeof *client);
        if (client == NULL) {
            fail("malloc", ERROR_NOT_ENOUGH_MEMORY);
        }
        *client = (struct client) { .pipe = pipe, .kind = endpoint->kind };
        /* before the thread, so that the name is never free */
        pipe = create_instance(endpoint, 0);
        HANDLE thread = CreateThread(NULL, 0, serve, client, 0, NULL);
        if (thread == NULL) {
            fail("CreateThread", GetLastError());
        }
        CloseHandle(thread);
    }
    fail("ConnectNamedPipe", GetLastError());
    return 0;
}

int main(int argc, char **argv)
{
    struct endpoint all[ENDPOINTS];
    if (argc < 2) {
        usage("thread_server NAME [echo=byte|message]");
    }
    endpoints(argc, argv, all);
    for (int i = 1; i < ENDPOINTS; i++) {
        if (CreateThread(NULL, 0, accept_clients, &all[i], 0, NULL) == NULL) {
            fail("CreateThread", GetLastError());
        }
    }
    return (int) accept_clients(&all[0]);
}
