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

/* What the C programs of the race share: the names of a server's pipes, and the sink. */
#ifndef NETTYPIPE_RACE_H
#define NETTYPIPE_RACE_H

#include "../../../../testsuite/src/interop/c/interop.h"

/* The buffers of a pipe, and of each connection, in bytes: the same for all servers. */
enum { QUOTA = 65536 };

/* A server has a pipe NAME, which sends back what comes, and two sinks: NAME-bytes, and NAME-messages of message type. */
enum kind { ECHO, SINK };

struct endpoint {
    char path[PATH_LENGTH];
    enum kind kind;
    BOOL messages;
};

enum { ENDPOINTS = 3 };

static inline void endpoints(int argc, char **argv, struct endpoint all[ENDPOINTS])
{
    const char *mode = text_argument(argc, argv, "echo");
    BOOL messages = mode != NULL && strcmp(mode, "message") == 0;
    all[0] = (struct endpoint) { .kind = ECHO, .messages = messages };
    all[1] = (struct endpoint) { .kind = SINK, .messages = FALSE };
    all[2] = (struct endpoint) { .kind = SINK, .messages = TRUE };
    static const char *const suffixes[ENDPOINTS] = { "", "-bytes", "-messages" };
    for (int i = 0; i < ENDPOINTS; i++) {
        char name[PATH_LENGTH];
        snprintf(name, sizeof name, "%s%s", argv[1], suffixes[i]);
        pipe_path(name, all[i].path);
    }
}

static inline HANDLE create_instance(const struct endpoint *endpoint, DWORD flags)
{
    HANDLE pipe = CreateNamedPipeA(endpoint->path, PIPE_ACCESS_DUPLEX | flags, pipe_type(endpoint->messages),
                                   PIPE_UNLIMITED_INSTANCES, QUOTA, QUOTA, WAIT_MILLIS, NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fail("CreateNamedPipe", GetLastError());
    }
    return pipe;
}

/* What a sink has got. The first 8 bytes say how many will follow; when they have, it answers with their number. */
struct sink {
    BOOL begun;
    ULONGLONG expected;
    ULONGLONG got;
};

/* Takes what was read; whether the answer, which is sink->got, is due. */
static inline BOOL sink_take(struct sink *sink, const char *data, DWORD length)
{
    if (!sink->begun) {
        if (length < sizeof sink->expected) {
            fail("sink", ERROR_INVALID_DATA);
        }
        memcpy(&sink->expected, data, sizeof sink->expected);
        sink->begun = TRUE;
        length -= sizeof sink->expected;
    }
    sink->got += length;
    return sink->got >= sink->expected;
}

#endif
