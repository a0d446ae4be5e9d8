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
 * What the programs share: arguments of the form key=value, the pipe's path, errors, and a buffer that grows
 * until a whole message fits. Every program ends with one line of key=value pairs on standard output and one of
 * these statuses.
 */
#ifndef NETTYPIPE_INTEROP_H
#define NETTYPIPE_INTEROP_H

#include <windows.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status { STATUS_OK = 0, STATUS_USAGE = 2, STATUS_WRONG_BYTES = 3, STATUS_SYSTEM = 4 };

enum { PATH_LENGTH = 300, DEFAULT_BUFFER = 4096, WAIT_MILLIS = 60000 };

/* Prints one line at once: the tests read it while this program runs. */
static inline void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static inline void usage(const char *text)
{
    fprintf(stderr, "usage: %s\n", text);
    exit(STATUS_USAGE);
}

/* Ends the program because a call failed with the given Win32 error code. */
static inline void fail(const char *call, DWORD error)
{
    fprintf(stderr, "%s failed with error %lu\n", call, (unsigned long) error);
    say("status=failed call=%s error=%lu", call, (unsigned long) error);
    exit(STATUS_SYSTEM);
}

/* The value of the argument key=value, or NULL. */
static inline const char *text_argument(int argc, char **argv, const char *key)
{
    size_t length = strlen(key);
    for (int i = 2; i < argc; i++) {
        if (strncmp(argv[i], key, length) == 0 && argv[i][length] == '=') {
            return argv[i] + length + 1;
        }
    }
    return NULL;
}

static inline DWORD number_argument(int argc, char **argv, const char *key, DWORD otherwise)
{
    const char *text = text_argument(argc, argv, key);
    return text == NULL ? otherwise : (DWORD) strtoul(text, NULL, 10);
}

/* Whether the program was started with mode=message; anything but message and byte is refused. */
static inline BOOL is_message_mode(int argc, char **argv)
{
    const char *text = text_argument(argc, argv, "mode");
    if (text == NULL || (strcmp(text, "message") != 0 && strcmp(text, "byte") != 0)) {
        usage("mode is message or byte");
    }
    return strcmp(text, "message") == 0;
}

static inline void pipe_path(const char *name, char path[PATH_LENGTH])
{
    if (snprintf(path, PATH_LENGTH, "\\\\.\\pipe\\%s", name) >= PATH_LENGTH) {
        usage("the pipe's name is too long");
    }
}

/* The arguments of CreateNamedPipe that make a pipe of one mode or the other. */
static inline DWORD pipe_type(BOOL message_mode)
{
    return PIPE_WAIT | (message_mode ? PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE
                                     : PIPE_TYPE_BYTE | PIPE_READMODE_BYTE);
}

struct bytes {
    char *data;
    DWORD length;
    DWORD capacity;
};

/* Makes room for at least `more` bytes behind those that are there. */
static inline void bytes_reserve(struct bytes *bytes, DWORD more)
{
    if (bytes->capacity - bytes->length >= more) {
        return;
    }
    DWORD capacity = bytes->capacity * 2 > bytes->length + more ? bytes->capacity * 2 : bytes->length + more;
    char *data = realloc(bytes->data, capacity);
    if (data == NULL) {
        fail("realloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    bytes->data = data;
    bytes->capacity = capacity;
}

static inline void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes) { 0 };
}

#endif
