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
 * A pipe server that blocks: the main thread waits for clients, each client has a thread of its own, and every message
 * is sent back as it came. The shape is that of "Multithreaded Pipe Server" in Windows' documentation.
 *
 *     mt_server NAME mode=message|byte clients=N [buffer=BYTES]
 *
 * Prints "ready" when the first instance listens, and ends after N clients have come and gone.
 */
#include "interop.h"

struct client {
    HANDLE pipe;
    DWORD buffer;
    DWORD messages;
    unsigned long long bytes;
};

/*
 * Reads one whole message, or in byte mode what is there; false when the client has gone. A message that is longer
 * than the buffer comes in parts, each but the last with ERROR_MORE_DATA.
 */
static BOOL read_request(struct client *client, struct bytes *request)
{
    request->length = 0;
    for (;;) {
        DWORD got = 0;
        bytes_reserve(request, client->buffer);
        BOOL whole = ReadFile(client->pipe, request->data + request->length, client->buffer, &got, NULL);
        DWORD error = whole ? ERROR_SUCCESS : GetLastError();
        if (error == ERROR_BROKEN_PIPE) {
            return FALSE;
        }
        if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA) {
            fail("ReadFile", error);
        }
        request->length += got;
        if (whole) {
            return TRUE;
        }
    }
}

/* Sends the bytes back with one WriteFile; false when the client has gone. */
static BOOL write_reply(struct client *client, const struct bytes *reply)
{
    DWORD written = 0;
    if (!WriteFile(client->pipe, reply->data, reply->length, &written, NULL)) {
        DWORD error = GetLastError();
        if (error != ERROR_NO_DATA && error != ERROR_BROKEN_PIPE) {
            fail("WriteFile", error);
        }
        return FALSE;
    }
    if (written != reply->length) {
        fail("WriteFile", ERROR_WRITE_FAULT);
    }
    return TRUE;
}

static DWORD WINAPI serve(void *argument)
{
    struct client *client = argument;
    struct bytes message = { 0 };
    while (read_request(client, &message) && write_reply(client, &message)) {
        client->messages++;
        client->bytes += message.length;
    }
    /* Without the flush a client that still reads could lose what DisconnectNamedPipe throws away. */
    FlushFileBuffers(client->pipe);
    DisconnectNamedPipe(client->pipe);
    CloseHandle(client->pipe);
    bytes_free(&message);
    return 0;
}

static HANDLE create_instance(const char *path, BOOL message_mode, DWORD buffer)
{
    HANDLE pipe = CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX, pipe_type(message_mode), PIPE_UNLIMITED_INSTANCES,
                                   buffer, buffer, WAIT_MILLIS, NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fail("CreateNamedPipe", GetLastError());
    }
    return pipe;
}

/*
 * Waits for a client. One that came between CreateNamedPipe and this call is answered with ERROR_PIPE_CONNECTED, one
 * that has left again with ERROR_NO_DATA: both are clients like any other.
 */
static void await_client(HANDLE pipe)
{
    if (!ConnectNamedPipe(pipe, NULL)) {
        DWORD error = GetLastError();
        if (error != ERROR_PIPE_CONNECTED && error != ERROR_NO_DATA) {
            fail("ConnectNamedPipe", error);
        }
    }
}

int main(int argc, char **argv)
{
    char path[PATH_LENGTH];
    DWORD count = number_argument(argc, argv, "clients", 0);
    DWORD buffer = number_argument(argc, argv, "buffer", DEFAULT_BUFFER);
    if (argc < 3 || count == 0 || buffer == 0) {
        usage("mt_server NAME mode=message|byte clients=N [buffer=BYTES]");
    }
    BOOL message_mode = is_message_mode(argc, argv);
    pipe_path(argv[1], path);
    struct client *clients = calloc(count, sizeof *clients);
    HANDLE *threads = calloc(count, sizeof *threads);
    if (clients == NULL || threads == NULL) {
        fail("calloc", ERROR_NOT_ENOUGH_MEMORY);
    }

    HANDLE pipe = create_instance(path, message_mode, buffer);
    say("ready");
    for (DWORD i = 0; i < count; i++) {
        await_client(pipe);
        clients[i] = (struct client) { .pipe = pipe, .buffer = buffer };
        /* The next instance comes first, so that the name exists even if this client leaves at once. */
        pipe = i + 1 < count ? create_instance(path, message_mode, buffer) : INVALID_HANDLE_VALUE;
        threads[i] = CreateThread(NULL, 0, serve, &clients[i], 0, NULL);
        if (threads[i] == NULL) {
            fail("CreateThread", GetLastError());
        }
    }

    unsigned long long bytes = 0;
    unsigned long messages = 0;
    for (DWORD i = 0; i < count; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
        messages += clients[i].messages;
        bytes += clients[i].bytes;
    }
    free(threads);
    free(clients);
    say("status=ok clients=%lu messages=%lu bytes=%I64u", (unsigned long) count, messages, bytes);
    return STATUS_OK;
}
