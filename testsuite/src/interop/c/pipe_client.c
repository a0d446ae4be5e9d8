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
 * A pipe client that blocks: it opens the pipe, waits with WaitNamedPipe while all instances are busy, switches to
 * message-read mode, and reads each reply in a loop while there is more data. The shape is that of "Named Pipe
 * Client" in Windows' documentation. The replies must be what was sent, byte for byte and message for message.
 *
 *     pipe_client NAME mode=message|byte [count=N] [size=BYTES] [vary=1] [burst=1] [buffer=BYTES] [id=N] [stop=1]
 *     pipe_client NAME mode=message text=WORD [buffer=BYTES]
 *
 * With vary=1 the sizes go up and down between nothing and size; with burst=1 all messages are written before the
 * first reply is read. With stop=1 it says "stopped" once it has the first part of a reply, whatever that is, and then
 * does nothing until somebody ends it. With text it sends one string as Windows programs do, UTF-16 with its NUL, and
 * the reply must be the same string in capitals. Prints "waiting" when it first finds the pipe busy.
 */
#include "interop.h"

struct run {
    HANDLE pipe;
    BOOL message_mode;
    BOOL vary;
    BOOL stop;
    DWORD id;
    DWORD count;
    DWORD size;
    DWORD buffer;
    DWORD waits;
    DWORD parts;
    unsigned long long bytes;
};

/* The tests know this formula: byte `at` of message `index` from client `id`. */
static char pattern(DWORD id, DWORD index, DWORD at)
{
    return (char) (id * 101 + index * 31 + at * 7 + (at >> 8));
}

static DWORD size_of(const struct run *run, DWORD index)
{
    return run->vary ? index * 37 % (run->size + 1) : run->size;
}

/* WaitNamedPipe only says that an instance was free a moment ago: another client may win it, so try again. */
static HANDLE open_pipe(const char *path, struct run *run)
{
    for (;;) {
        HANDLE pipe = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                                  SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
        if (pipe != INVALID_HANDLE_VALUE) {
            return pipe;
        }
        if (GetLastError() != ERROR_PIPE_BUSY) {
            fail("CreateFile", GetLastError());
        }
        if (run->waits++ == 0) {
            say("waiting");
        }
        if (!WaitNamedPipeA(path, WAIT_MILLIS)) {
            fail("WaitNamedPipe", GetLastError());
        }
    }
}

static void set_read_mode(HANDLE pipe, BOOL message_mode)
{
    DWORD mode = message_mode ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL)) {
        fail("SetNamedPipeHandleState", GetLastError());
    }
}

static void send_message(struct run *run, DWORD index, char *scratch)
{
    DWORD size = size_of(run, index);
    DWORD written = 0;
    for (DWORD at = 0; at < size; at++) {
        scratch[at] = pattern(run->id, index, at);
    }
    if (!WriteFile(run->pipe, scratch, size, &written, NULL)) {
        fail("WriteFile", GetLastError());
    }
    if (written != size) {
        fail("WriteFile", ERROR_WRITE_FAULT);
    }
}

static void wrong(DWORD index, DWORD at, const char *what)
{
    say("status=wrong message=%lu offset=%lu what=%s", (unsigned long) index, (unsigned long) at, what);
    exit(STATUS_WRONG_BYTES);
}

static void check(const struct run *run, DWORD index, DWORD from, const char *data, DWORD length)
{
    for (DWORD at = 0; at < length; at++) {
        if (data[at] != pattern(run->id, index, from + at)) {
            wrong(index, from + at, "byte");
        }
    }
}

/* One read of at most `limit` bytes; *whole says whether the message ended with it. */
static DWORD read_part(struct run *run, char *part, DWORD limit, BOOL *whole)
{
    DWORD got = 0;
    *whole = ReadFile(run->pipe, part, limit, &got, NULL);
    if (!*whole && GetLastError() != ERROR_MORE_DATA) {
        fail("ReadFile", GetLastError());
    }
    if (run->stop) {
        say("stopped");
        Sleep(INFINITE);
    }
    run->parts++;
    run->bytes += got;
    return got;
}

/* A reply ends where its message ends: neither sooner nor later than the message that was sent. */
static void receive_message(struct run *run, DWORD index, char *part)
{
    DWORD size = size_of(run, index);
    DWORD received = 0;
    BOOL whole = FALSE;
    while (!whole) {
        DWORD got = read_part(run, part, run->buffer, &whole);
        if (received + got > size) {
            wrong(index, size, "too_long");
        }
        check(run, index, received, part, got);
        received += got;
    }
    if (received != size) {
        wrong(index, received, "too_short");
    }
}

/* In byte mode there is no end to see: a reply is as many bytes as were sent. */
static void receive_bytes(struct run *run, DWORD index, char *part)
{
    DWORD size = size_of(run, index);
    BOOL whole = TRUE;
    for (DWORD received = 0; received < size;) {
        DWORD left = size - received;
        DWORD got = read_part(run, part, left < run->buffer ? left : run->buffer, &whole);
        if (!whole) {
            wrong(index, received, "more_data_in_byte_mode");
        }
        check(run, index, received, part, got);
        received += got;
    }
}

static void receive(struct run *run, DWORD index, char *part)
{
    if (run->message_mode) {
        receive_message(run, index, part);
    } else {
        receive_bytes(run, index, part);
    }
}

static void exchange(struct run *run, BOOL burst, char *scratch, char *part)
{
    for (DWORD index = 0; index < run->count; index++) {
        send_message(run, index, scratch);
        if (!burst) {
            receive(run, index, part);
        }
    }
    for (DWORD index = 0; burst && index < run->count; index++) {
        receive(run, index, part);
    }
    DWORD left = 0;
    if (!PeekNamedPipe(run->pipe, NULL, 0, NULL, &left, NULL) && GetLastError() != ERROR_BROKEN_PIPE) {
        fail("PeekNamedPipe", GetLastError());
    }
    if (left != 0) {
        wrong(run->count, 0, "bytes_left_over");
    }
}

static void exchange_text(struct run *run, const char *text)
{
    WCHAR sent[256];
    WCHAR reply[256];
    int units = MultiByteToWideChar(CP_UTF8, 0, text, -1, sent, 256);
    DWORD size = (DWORD) units * sizeof *sent;
    DWORD written = 0;
    DWORD received = 0;
    if (units == 0 || run->buffer % sizeof *sent != 0) {
        usage("text must be short, and buffer a multiple of 2");
    }
    if (!WriteFile(run->pipe, sent, size, &written, NULL) || written != size) {
        fail("WriteFile", GetLastError());
    }
    for (BOOL whole = FALSE; !whole;) {
        DWORD left = sizeof reply - received;
        received += read_part(run, (char *) reply + received, left < run->buffer ? left : run->buffer, &whole);
    }
    CharUpperW(sent);
    if (received != size || memcmp(sent, reply, size) != 0) {
        wrong(0, received, "text");
    }
    run->count = 1;
}

int main(int argc, char **argv)
{
    char path[PATH_LENGTH];
    if (argc < 3) {
        usage("pipe_client NAME mode=message|byte [count=N] [size=BYTES] [vary=1] [burst=1] [buffer=BYTES] [id=N]");
    }
    struct run run = {
        .message_mode = is_message_mode(argc, argv),
        .vary = number_argument(argc, argv, "vary", 0) != 0,
        .stop = number_argument(argc, argv, "stop", 0) != 0,
        .id = number_argument(argc, argv, "id", 0),
        .count = number_argument(argc, argv, "count", 1),
        .size = number_argument(argc, argv, "size", 64),
        .buffer = number_argument(argc, argv, "buffer", 512),
    };
    pipe_path(argv[1], path);
    char *scratch = malloc(run.size + 1);
    char *part = malloc(run.buffer);
    if (scratch == NULL || part == NULL) {
        fail("malloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    run.pipe = open_pipe(path, &run);
    set_read_mode(run.pipe, run.message_mode);
    const char *text = text_argument(argc, argv, "text");
    if (text != NULL) {
        exchange_text(&run, text);
    } else {
        exchange(&run, number_argument(argc, argv, "burst", 0) != 0, scratch, part);
    }
    CloseHandle(run.pipe);
    free(part);
    free(scratch);
    say("status=ok id=%lu messages=%lu bytes=%I64u parts=%lu waits=%lu", (unsigned long) run.id,
        (unsigned long) run.count, run.bytes, (unsigned long) run.parts, (unsigned long) run.waits);
    return STATUS_OK;
}
