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
 * The client of the race: puts a load on a server for a while, or for so many bytes, and prints one line of what it saw.
 *
 *     client ADDRESS load=wait [millis=N]                                              until the server is there
 *     client ADDRESS load=echo connections=N size=BYTES millis=N [messages=N] [SERVER]
 *     client ADDRESS load=bulk size=BYTES bytes=N [SERVER]                             one way, in writes of that size
 *     client ADDRESS load=connect millis=N [SERVER]                                    connections that are left at once
 *
 * ADDRESS is the name of a pipe, or tcp:PORT. Each connection has a thread, which blocks: it writes, then reads back as
 * much. With messages=N it ends after so many messages if that is sooner. SERVER is pid=N, the server's process, whose
 * time and memory are printed too; in Wine, which does not tell the times of another process, also unix=N, the number
 * that Linux gave it.
 */
#include <winsock2.h>
#include "race.h"

#define PSAPI_VERSION 2    /* in kernel32 */
#include <psapi.h>

struct connection {
    HANDLE pipe;
    SOCKET socket;
};

static struct {
    BOOL tcp;
    unsigned short port;
    char path[PATH_LENGTH];
    DWORD connections;
    DWORD size;
} job;

static HANDLE go;
static volatile LONG stop;
static volatile LONG64 left;

static double seconds(void)
{
    LARGE_INTEGER now;
    LARGE_INTEGER frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double) now.QuadPart / (double) frequency.QuadPart;
}

/* ---- the server's process ---- */

struct usage {
    double user;
    double system;
};

static struct {
    DWORD unix_pid;
    HANDLE process;
} server;

static double filetime_seconds(FILETIME time)
{
    return ((double) time.dwHighDateTime * 4294967296.0 + time.dwLowDateTime) / 1e7;
}

/* What /proc says of a process: Wine makes Linux's files visible under Z:. "self" is the wineserver, which opens them. */
static FILE *proc(const char *pid, const char *file)
{
    char path[100];
    snprintf(path, sizeof path, "Z:\\proc\\%s\\%s", pid, file);
    return fopen(path, "r");
}

static struct usage proc_usage(const char *pid)
{
    struct usage usage = { 0 };
    char line[1000] = "";
    FILE *stat = proc(pid, "stat");
    if (stat != NULL) {
        const char *rest = fgets(line, sizeof line, stat) == NULL ? NULL : strrchr(line, ')');
        unsigned long user;
        unsigned long system;
        if (rest != NULL
                && sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2) {
            usage = (struct usage) { user / 100.0, system / 100.0 };    /* USER_HZ is 100 on each Linux */
        }
        fclose(stat);
    }
    return usage;
}

static struct usage server_usage(void)
{
    if (server.unix_pid != 0) {
        char pid[20];
        snprintf(pid, sizeof pid, "%lu", (unsigned long) server.unix_pid);
        return proc_usage(pid);
    }
    FILETIME created, ended, system, user;
    if (server.process == NULL || !GetProcessTimes(server.process, &created, &ended, &system, &user)) {
        return (struct usage) { 0 };
    }
    return (struct usage) { filetime_seconds(user), filetime_seconds(system) };
}

static struct usage wineserver_usage(void)
{
    return server.unix_pid != 0 ? proc_usage("self") : (struct usage) { 0 };
}

/* The most that was ever resident, and what is private to the process now, in KiB. */
static void server_memory(unsigned long *peak, unsigned long *private)
{
    *peak = *private = 0;
    if (server.unix_pid != 0) {
        char pid[20];
        char line[200];
        snprintf(pid, sizeof pid, "%lu", (unsigned long) server.unix_pid);
        FILE *status = proc(pid, "status");
        while (status != NULL && fgets(line, sizeof line, status) != NULL) {
            sscanf(line, "VmHWM: %lu", peak);
            sscanf(line, "RssAnon: %lu", private);
        }
        if (status != NULL) {
            fclose(status);
        }
        return;
    }
    PROCESS_MEMORY_COUNTERS_EX memory = { .cb = sizeof memory };
    if (server.process != NULL
            && GetProcessMemoryInfo(server.process, (PROCESS_MEMORY_COUNTERS *) &memory, sizeof memory)) {
        *peak = (unsigned long) (memory.PeakWorkingSetSize / 1024);
        *private = (unsigned long) (memory.PrivateUsage / 1024);
    }
}

/* ---- connections ---- */

static void close_connection(struct connection connection)
{
    if (job.tcp) {
        closesocket(connection.socket);
    } else {
        CloseHandle(connection.pipe);
    }
}

static DWORD try_tcp(struct connection *connection)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(job.port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->socket, (struct sockaddr *) &address, sizeof address) != 0
            || setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, (char *) &on, sizeof on) != 0) {
        DWORD error = (DWORD) WSAGetLastError();
        closesocket(connection->socket);
        return error;
    }
    return ERROR_SUCCESS;
}

static DWORD try_connect(struct connection *connection)
{
    if (job.tcp) {
        return try_tcp(connection);
    }
    for (;;) {
        connection->pipe = CreateFileA(job.path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        if (connection->pipe != INVALID_HANDLE_VALUE) {
            return ERROR_SUCCESS;
        }
        if (GetLastError() != ERROR_PIPE_BUSY) {
            return GetLastError();
        }
        WaitNamedPipeA(job.path, WAIT_MILLIS);  /* however it ends, the next try tells */
    }
}

/* A server that makes the next instance only when a client has taken the last one has no name for a moment (Node.js). */
static struct connection connect_to_server(void)
{
    double begin = seconds();
    struct connection connection;
    DWORD error;
    while ((error = try_connect(&connection)) != ERROR_SUCCESS) {
        if (error != ERROR_FILE_NOT_FOUND || seconds() - begin > 5) {
            fail("connect", error);
        }
        Sleep(0);
    }
    return connection;
}

static void write_all(struct connection connection, const void *data, DWORD length)
{
    DWORD written = 0;
    if (!job.tcp) {
        if (!WriteFile(connection.pipe, data, length, &written, NULL) || written != length) {
            fail("WriteFile", GetLastError());
        }
        return;
    }
    while (written < length) {
        int sent = send(connection.socket, (const char *) data + written, (int) (length - written), 0);
        if (sent <= 0) {
            fail("send", (DWORD) WSAGetLastError());
        }
        written += (DWORD) sent;
    }
}

static void read_all(struct connection connection, void *data, DWORD length)
{
    DWORD got = 0;
    while (got < length) {
        char *to = (char *) data + got;
        DWORD part = 0;
        if (job.tcp) {
            int received = recv(connection.socket, to, (int) (length - got), 0);
            part = received > 0 ? (DWORD) received : 0;
        } else if (!ReadFile(connection.pipe, to, length - got, &part, NULL)) {
            part = 0;
        }
        if (part == 0) {
            fail("read", job.tcp ? (DWORD) WSAGetLastError() : GetLastError());
        }
        got += part;
    }
}

/* ---- loads ---- */

static char *bytes_of(DWORD size, int seed)
{
    char *bytes = malloc(size);
    if (bytes == NULL) {
        fail("malloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    for (DWORD i = 0; i < size; i++) {
        bytes[i] = (char) (i * 31 + (DWORD) seed);
    }
    return bytes;
}

static void echo_once(struct connection connection, const char *message, char *reply)
{
    write_all(connection, message, job.size);
    read_all(connection, reply, job.size);
    if (memcmp(message, reply, job.size) != 0) {
        fail("memcmp", ERROR_INVALID_DATA);
    }
}

/* Echoes a message of its own, again and again, and counts. */
static DWORD WINAPI talk(void *argument)
{
    volatile LONG64 *count = argument;
    struct connection connection = connect_to_server();
    char *message = bytes_of(job.size, (int) (INT_PTR) argument);
    char *reply = bytes_of(job.size, 0);
    echo_once(connection, message, reply);
    InterlockedDecrement64(&left);
    WaitForSingleObject(go, INFINITE);
    while (!stop) {
        echo_once(connection, message, reply);
        ++*count;
    }
    close_connection(connection);
    free(message);
    free(reply);
    return 0;
}

struct counter {
    volatile LONG64 count;
    char own_cache_line[56];
};

static unsigned long long total(const struct counter *counters)
{
    unsigned long long sum = 0;
    for (DWORD i = 0; i < job.connections; i++) {
        sum += (unsigned long long) counters[i].count;
    }
    return sum;
}

static unsigned long long echo(DWORD millis, unsigned long long messages, double *begin, double *end,
                               struct usage used[2], struct usage wine_used[2])
{
    struct counter *counters = calloc(job.connections, sizeof *counters);
    HANDLE *threads = calloc(job.connections, sizeof *threads);
    if (counters == NULL || threads == NULL) {
        fail("calloc", ERROR_NOT_ENOUGH_MEMORY);
    }
    go = CreateEventA(NULL, TRUE, FALSE, NULL);
    left = job.connections;
    for (DWORD i = 0; i < job.connections; i++) {
        threads[i] = CreateThread(NULL, 0, talk, (void *) &counters[i].count, 0, NULL);
        if (threads[i] == NULL) {
            fail("CreateThread", GetLastError());
        }
    }
    while (left > 0) {
        Sleep(1);
    }
    used[0] = server_usage();
    wine_used[0] = wineserver_usage();
    *begin = seconds();
    SetEvent(go);
    while ((seconds() - *begin) * 1000 < millis && (messages == 0 || total(counters) < messages)) {
        Sleep(messages == 0 ? millis : 5);
    }
    unsigned long long sum = total(counters);
    *end = seconds();
    used[1] = server_usage();
    wine_used[1] = wineserver_usage();
    stop = TRUE;
    for (DWORD i = 0; i < job.connections; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
    free(threads);
    free(counters);
    return sum;
}

static unsigned long long bulk(unsigned long long bytes)
{
    struct connection connection = connect_to_server();
    char *data = bytes_of(job.size, 1);
    unsigned long long count = (bytes + job.size - 1) / job.size;
    ULONGLONG expected = count * job.size;
    ULONGLONG got = 0;
    write_all(connection, &expected, sizeof expected);
    for (unsigned long long i = 0; i < count; i++) {
        write_all(connection, data, job.size);
    }
    read_all(connection, &got, sizeof got);
    if (got != expected) {
        fail("bulk", ERROR_INVALID_DATA);
    }
    close_connection(connection);
    free(data);
    return expected;
}

/* Comes and leaves until the time is over; the last one has itself echoed, so that the others have been accepted. */
static unsigned long long connect_and_leave(DWORD millis)
{
    double begin = seconds();
    unsigned long long count = 0;
    do {
        close_connection(connect_to_server());
        count++;
    } while ((seconds() - begin) * 1000 < millis);
    struct connection last = connect_to_server();
    char message = 1;
    char reply;
    write_all(last, &message, 1);
    read_all(last, &reply, 1);
    close_connection(last);
    return count + 1;
}

static void await_server(DWORD millis)
{
    double begin = seconds();
    struct connection connection;
    DWORD error;
    while ((error = try_connect(&connection)) != ERROR_SUCCESS) {
        if ((seconds() - begin) * 1000 > millis) {
            fail("connect", error);
        }
        Sleep(20);
    }
    close_connection(connection);
    say("status=ok");
}

static unsigned long long big_number(int argc, char **argv, const char *key)
{
    const char *text = text_argument(argc, argv, key);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static void address(const char *text)
{
    WSADATA data;
    job.tcp = strncmp(text, "tcp:", 4) == 0;
    if (!job.tcp) {
        pipe_path(text, job.path);
        return;
    }
    job.port = (unsigned short) atoi(text + 4);
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) {
        fail("WSAStartup", (DWORD) WSAGetLastError());
    }
}

int main(int argc, char **argv)
{
    const char *load = argc < 3 ? NULL : text_argument(argc, argv, "load");
    if (load == NULL) {
        usage("client ADDRESS load=wait|echo|bulk|connect KEY=VALUE...");
    }
    address(argv[1]);
    job.connections = number_argument(argc, argv, "connections", 1);
    job.size = number_argument(argc, argv, "size", 64);
    DWORD millis = number_argument(argc, argv, "millis", WAIT_MILLIS);
    DWORD pid = number_argument(argc, argv, "pid", 0);
    server.unix_pid = number_argument(argc, argv, "unix", 0);
    server.process = pid == 0 ? NULL : OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_VM_READ, FALSE, pid);

    if (strcmp(load, "wait") == 0) {
        await_server(millis);
        return STATUS_OK;
    }
    double begin = seconds();
    double end = 0;
    struct usage used[2] = { server_usage() };
    struct usage wine_used[2] = { wineserver_usage() };
    unsigned long long count;
    if (strcmp(load, "echo") == 0) {
        count = echo(millis, big_number(argc, argv, "messages"), &begin, &end, used, wine_used);
    } else {
        count = strcmp(load, "bulk") == 0 ? bulk(big_number(argc, argv, "bytes")) : connect_and_leave(millis);
        end = seconds();
        used[1] = server_usage();
        wine_used[1] = wineserver_usage();
    }
    unsigned long peak;
    unsigned long private;
    server_memory(&peak, &private);
    say("status=ok count=%I64u nanos=%.0f user=%.0f system=%.0f wineserver=%.0f peak=%lu private=%lu", count,
        (end - begin) * 1e9, (used[1].user - used[0].user) * 1e9, (used[1].system - used[0].system) * 1e9,
        (wine_used[1].user + wine_used[1].system - wine_used[0].user - wine_used[0].system) * 1e9, peak, private);
    return STATUS_OK;
}
