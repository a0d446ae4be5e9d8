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
 * Half-closes a message-type pipe as go-winio does for Docker and containerd: it reads bytes, takes a read of nothing
 * for the end of what the other end sends, as it does the pipe's end, and ends its own side with FlushFileBuffers and an
 * empty write.
 *
 *     half_close NAME role=client [count=N] [size=BYTES] [buffer=BYTES]
 *     half_close NAME role=server [size=BYTES] [buffer=BYTES]
 *
 * The client sends count messages, ends its side, and must get the same bytes back before the other end's. The server
 * prints "ready", reads to the end, sends the same back in messages of size, ends its side, and waits for the client
 * to leave.
 */
#include "interop.h"

/* The tests know this formula. */
static char pattern(DWORD at)
{
    return (char) (at * 7 + (at >> 8));
}

static void send_bytes(HANDLE pipe, const char *data, DWORD length)
{
    DWORD written = 0;
    if (!WriteFile(pipe, data, length, &written, NULL)) {
        fail("WriteFile", GetLastError());
    }
    if (written != length) {
        fail("WriteFile", ERROR_WRITE_FAULT);
    }
}

static void end_my_side(HANDLE pipe)
{
    if (!FlushFileBuffers(pipe)) {
        fail("FlushFileBuffers", GetLastError());
    }
    send_bytes(pipe, NULL, 0);
}

/* Reads until a read brings nothing, or the other end is gone. */
static DWORD receive_to_the_end(HANDLE pipe, struct bytes *received, DWORD buffer)
{
    DWORD reads = 0;
    for (;;) {
        DWORD got = 0;
        bytes_reserve(received, buffer);
        if (!ReadFile(pipe, received->data + received->length, buffer, &got, NULL)
                && GetLastError() != ERROR_BROKEN_PIPE) {
            fail("ReadFile", GetLastError());
        }
        if (got == 0) {
            return reads;
        }
        received->length += got;
        reads++;
    }
}

static void be_client(const char *path, DWORD count, DWORD size, DWORD buffer)
{
    HANDLE pipe = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                              SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fail("CreateFile", GetLastError());
    }
    struct bytes sent = { 0 };
    bytes_reserve(&sent, count * size + 1);
    for (; sent.length < count * size; sent.length++) {
        sent.data[sent.length] = pattern(sent.length);
    }
    for (DWORD i = 0; i < count; i++) {
        send_bytes(pipe, sent.data + i * size, size);
    }
    end_my_side(pipe);
    struct bytes received = { 0 };
    DWORD reads = receive_to_the_end(pipe, &received, buffer);
    if (received.length != sent.length || memcmp(received.data, sent.data, sent.length) != 0) {
        say("status=wrong bytes=%lu", (unsigned long) received.length);
        exit(STATUS_WRONG_BYTES);
    }
    CloseHandle(pipe);
    say("status=ok bytes=%lu reads=%lu", (unsigned long) received.length, (unsigned long) reads);
    bytes_free(&sent);
    bytes_free(&received);
}

static void be_server(const char *path, DWORD size, DWORD buffer)
{
    HANDLE pipe = CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_BYTE | PIPE_WAIT, 1,
                                   DEFAULT_BUFFER, DEFAULT_BUFFER, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fail("CreateNamedPipe", GetLastError());
    }
    say("ready");
    if (!ConnectNamedPipe(pipe, NULL) && GetLastError() != ERROR_PIPE_CONNECTED) {
        fail("ConnectNamedPipe", GetLastError());
    }
    struct bytes received = { 0 };
    DWORD reads = receive_to_the_end(pipe, &received, buffer);
    for (DWORD at = 0; at < received.length; at += size) {
        send_bytes(pipe, received.data + at, received.length - at < size ? received.length - at : size);
    }
    end_my_side(pipe);
    char nothing;
    DWORD got = 0;
    if (ReadFile(pipe, &nothing, 1, &got, NULL) || GetLastError() != ERROR_BROKEN_PIPE) {
        fail("ReadFile after the end", GetLastError());
    }
    CloseHandle(pipe);
    say("status=ok bytes=%lu reads=%lu", (unsigned long) received.length, (unsigned long) reads);
    bytes_free(&received);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        usage("half_close NAME role=client|server [count=N] [size=BYTES] [buffer=BYTES]");
    }
    char path[PATH_LENGTH];
    pipe_path(argv[1], path);
    DWORD size = number_argument(argc, argv, "size", 100);
    DWORD buffer = number_argument(argc, argv, "buffer", DEFAULT_BUFFER);
    const char *role = text_argument(argc, argv, "role");
    if (role != NULL && strcmp(role, "client") == 0) {
        be_client(path, number_argument(argc, argv, "count", 1), size, buffer);
    } else if (role != NULL && strcmp(role, "server") == 0) {
        be_server(path, size, buffer);
    } else {
        usage("role is client or server");
    }
    return STATUS_OK;
}
