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
 * A pipe server of one thread and a fixed number of instances: every operation is overlapped, each instance has one in
 * flight and one event for it, and an instance whose client has gone is disconnected and listens again. The shape is
 * that of "Named Pipe Server Using Overlapped I/O" in Windows' documentation. Every message is sent back as it came.
 *
 *     overlapped_server NAME mode=message|byte instances=N clients=N [buffer=BYTES]
 *
 * Prints "ready" when all instances listen, and ends after the given number of clients has come and gone.
 */
#include "interop.h"

enum state { CONNECTING, READING, WRITING };

struct instance {
    HANDLE pipe;
    OVERLAPPED operation;
    enum state state;
    struct bytes message;
};

struct server {
    struct instance *instances;
    HANDLE events[MAXIMUM_WAIT_OBJECTS];
    DWORD count;
    DWORD buffer;
    DWORD clients_left;
    unsigned long messages;
    unsigned long long bytes;
};

/* How an operation that is no longer pending ended; *done is the number of bytes, also with ERROR_MORE_DATA. */
static DWORD outcome(struct instance *instance, DWORD *done)
{
    return GetOverlappedResult(instance->pipe, &instance->operation, done, FALSE) ? ERROR_SUCCESS : GetLastError();
}

/*
 * Each start_ function starts the operation of one state. It answers ERROR_IO_PENDING, or the outcome if the operation
 * is over already. Where the number of bytes goes is NULL, as ReadFile's page asks for an overlapped operation.
 */
static DWORD start_connect(struct instance *instance)
{
    instance->state = CONNECTING;
    instance->message.length = 0;
    return ConnectNamedPipe(instance->pipe, &instance->operation) ? ERROR_SUCCESS : GetLastError();
}

static DWORD start_read(struct server *server, struct instance *instance, DWORD *done)
{
    instance->state = READING;
    bytes_reserve(&instance->message, server->buffer);
    char *to = instance->message.data + instance->message.length;
    if (ReadFile(instance->pipe, to, server->buffer, NULL, &instance->operation)
            || GetLastError() == ERROR_MORE_DATA) {
        return outcome(instance, done);
    }
    return GetLastError();
}

static DWORD start_write(struct instance *instance, DWORD *done)
{
    instance->state = WRITING;
    struct bytes *message = &instance->message;
    if (WriteFile(instance->pipe, message->data, message->length, NULL, &instance->operation)) {
        return outcome(instance, done);
    }
    return GetLastError();
}

/* The client has gone: the instance is ready for another. */
static DWORD reuse(struct server *server, struct instance *instance)
{
    server->clients_left--;
    if (!DisconnectNamedPipe(instance->pipe)) {
        fail("DisconnectNamedPipe", GetLastError());
    }
    return start_connect(instance);
}

static DWORD after_connect(struct server *server, struct instance *instance, DWORD error, DWORD *done)
{
    /* A client that came before the call, or that has left already, may have written something: read it. */
    if (error != ERROR_SUCCESS && error != ERROR_PIPE_CONNECTED && error != ERROR_NO_DATA) {
        fail("ConnectNamedPipe", error);
    }
    return start_read(server, instance, done);
}

static DWORD after_read(struct server *server, struct instance *instance, DWORD error, DWORD *done)
{
    if (error == ERROR_BROKEN_PIPE) {
        return reuse(server, instance);
    }
    if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA) {
        fail("ReadFile", error);
    }
    instance->message.length += *done;
    return error == ERROR_MORE_DATA ? start_read(server, instance, done) : start_write(instance, done);
}

static DWORD after_write(struct server *server, struct instance *instance, DWORD error, DWORD *done)
{
    if (error == ERROR_NO_DATA || error == ERROR_BROKEN_PIPE) {
        return reuse(server, instance);
    }
    if (error != ERROR_SUCCESS || *done != instance->message.length) {
        fail("WriteFile", error);
    }
    server->messages++;
    server->bytes += instance->message.length;
    instance->message.length = 0;
    return start_read(server, instance, done);
}

/* Goes from state to state as long as operations are over at once, and returns when one is pending. */
static void advance(struct server *server, struct instance *instance, DWORD error, DWORD done)
{
    while (error != ERROR_IO_PENDING && server->clients_left > 0) {
        switch (instance->state) {
        case CONNECTING:
            error = after_connect(server, instance, error, &done);
            break;
        case READING:
            error = after_read(server, instance, error, &done);
            break;
        case WRITING:
            error = after_write(server, instance, error, &done);
            break;
        }
    }
}

static void create_instances(struct server *server, const char *path, BOOL message_mode)
{
    for (DWORD i = 0; i < server->count; i++) {
        struct instance *instance = &server->instances[i];
        server->events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
        instance->operation.hEvent = server->events[i];
        instance->pipe = CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, pipe_type(message_mode),
                                          server->count, server->buffer, server->buffer, WAIT_MILLIS, NULL);
        if (server->events[i] == NULL || instance->pipe == INVALID_HANDLE_VALUE) {
            fail("CreateNamedPipe", GetLastError());
        }
        advance(server, instance, start_connect(instance), 0);
    }
}

static void serve(struct server *server)
{
    while (server->clients_left > 0) {
        DWORD index = WaitForMultipleObjects(server->count, server->events, FALSE, INFINITE) - WAIT_OBJECT_0;
        if (index >= server->count) {
            fail("WaitForMultipleObjects", GetLastError());
        }
        struct instance *instance = &server->instances[index];
        DWORD done = 0;
        DWORD error = outcome(instance, &done);
        advance(server, instance, error, done);
    }
}

/* The OVERLAPPED and the buffer belong to the system until the cancelled operation has come back. */
static void close_instances(struct server *server)
{
    for (DWORD i = 0; i < server->count; i++) {
        struct instance *instance = &server->instances[i];
        DWORD ignored = 0;
        if (CancelIoEx(instance->pipe, &instance->operation)) {
            GetOverlappedResult(instance->pipe, &instance->operation, &ignored, TRUE);
        }
        CloseHandle(instance->pipe);
        CloseHandle(server->events[i]);
        bytes_free(&instance->message);
    }
    free(server->instances);
}

int main(int argc, char **argv)
{
    char path[PATH_LENGTH];
    DWORD clients = number_argument(argc, argv, "clients", 0);
    struct server server = {
        .count = number_argument(argc, argv, "instances", 0),
        .buffer = number_argument(argc, argv, "buffer", DEFAULT_BUFFER),
        .clients_left = clients,
    };
    if (argc < 3 || server.count == 0 || server.count > MAXIMUM_WAIT_OBJECTS || clients == 0 || server.buffer == 0) {
        usage("overlapped_server NAME mode=message|byte instances=N clients=N [buffer=BYTES]");
    }
    BOOL message_mode = is_message_mode(argc, argv);
    pipe_path(argv[1], path);
    server.instances = calloc(server.count, sizeof *server.instances);
    if (server.instances == NULL) {
        fail("calloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    create_instances(&server, path, message_mode);
    say("ready");
    serve(&server);
    close_instances(&server);
    say("status=ok clients=%lu messages=%lu bytes=%I64u", (unsigned long) clients, server.messages, server.bytes);
    return STATUS_OK;
}
