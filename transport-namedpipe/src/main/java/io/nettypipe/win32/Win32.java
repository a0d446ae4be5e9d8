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
package io.nettypipe.win32;

/**
 * The system calls of the transport, and nothing else: the seam between it and the operating system.
 * <p>
 * Every method but {@link #identity()} takes and returns {@code long} or {@code int} only: handles and addresses are
 * {@code long}, sizes and flags are {@code int}. A method never throws and, but for {@link #holdNamedPipe}, never
 * allocates on the Java heap. An {@code int} answer is a Win32 error code, {@link Win32Error#ERROR_SUCCESS} (0) for
 * success; a {@code long} answer is a handle, or the <em>negated</em> error code. All methods may be called from any
 * thread unless they say otherwise.
 * <p>
 * <strong>The memory law.</strong> An OVERLAPPED and the buffer of its operation belong to the system from the call
 * that answers {@link Win32Error#ERROR_IO_PENDING} until that operation's own completion was dequeued. Asking to cancel
 * it changes nothing about that.
 */
public interface Win32 {

    /**
     * Creates a completion port that one thread at a time dequeues from ({@code CreateIoCompletionPort} with a
     * concurrency of 1).
     *
     * @return the port, or the negated error
     */
    long createCompletionPort();

    /**
     * Associates a handle with a port, for ever ({@code CreateIoCompletionPort}), and asks that a call which succeeds
     * at once queue no packet ({@code SetFileCompletionNotificationModes} with
     * {@code FILE_SKIP_COMPLETION_PORT_ON_SUCCESS}). From then on Windows 8 and later may answer
     * {@link Win32Error#ERROR_IO_PENDING} and queue the packet although the operation is over: a read that took a part
     * of a message ({@link Win32Error#STATUS_BUFFER_OVERFLOW}), and a {@link #fsControlFile}, also one that failed.
     * Never does a system both tell the end by its answer and queue a packet.
     *
     * @param handle a handle opened with {@code FILE_FLAG_OVERLAPPED}
     * @param port   the port
     * @param key    what each packet of this handle carries
     * @return the error, after which the handle is as it was, if the system can {@link #dissociate} it where the second
     *     call failed; {@link Win32Error#ERROR_INVALID_PARAMETER} if it has a port already
     */
    int associate(long handle, long port, long key);

    /**
     * Undoes {@link #associate} ({@code NtSetInformationFile} with {@code FileReplaceCompletionInformation}, Windows
     * 8.1 and later), so that the handle can join another port. No operation may be outstanding.
     *
     * @param handle  the handle
     * @param scratch the address of 32 bytes that the call may use
     * @return the error; {@link Win32Error#ERROR_CALL_NOT_IMPLEMENTED} or
     *     {@link Win32Error#ERROR_INVALID_FUNCTION} where the system cannot do it
     */
    int dissociate(long handle, long scratch);

    /**
     * Dequeues completion packets ({@code GetQueuedCompletionStatusEx}, alertable).
     *
     * @param port          the port
     * @param entries       the address of {@code capacity} OVERLAPPED_ENTRY records
     * @param capacity      how many packets fit, at least 1
     * @param removed       the address of a 4-byte integer that receives how many there were; of use on success only
     * @param timeoutMillis how long to wait at most, 0 to poll, {@code -1} for ever
     * @return the error: {@link Win32Error#WAIT_TIMEOUT} if there was no packet in time,
     *     {@link Win32Error#WAIT_IO_COMPLETION} if asynchronous procedure calls ran instead (a {@link #listen} ended)
     */
    int getQueuedCompletionStatusEx(long port, long entries, int capacity, long removed, int timeoutMillis);

    /**
     * Queues a packet without an OVERLAPPED ({@code PostQueuedCompletionStatus}).
     *
     * @param port the port
     * @param key  the packet's key
     * @return the error
     */
    int postQueuedCompletionStatus(long port, long key);

    /**
     * Closes a handle ({@code CloseHandle}). No operation may be outstanding on it.
     *
     * @param handle the handle
     * @return the error
     */
    int closeHandle(long handle);

    /**
     * Starts to read ({@code ReadFile}). The count of bytes is in the {@code InternalHigh} field of the OVERLAPPED
     * once the operation ended, at once or later.
     *
     * @param handle     the pipe
     * @param buffer     the address of the buffer
     * @param length     its size in bytes; 0 asks to be told of data without consuming it
     * @param overlapped the address of a zeroed OVERLAPPED
     * @return the error; {@link Win32Error#ERROR_IO_PENDING} if a packet will follow,
     *     {@link Win32Error#ERROR_MORE_DATA} if the buffer holds a part of a message
     */
    int readFile(long handle, long buffer, int length, long overlapped);

    /**
     * Starts to write ({@code WriteFile}); on a message-type pipe these bytes are one message.
     *
     * @param handle     the pipe
     * @param buffer     the address of the bytes
     * @param length     how many; 0 is an empty message, or nothing at all on a byte-type pipe
     * @param overlapped the address of a zeroed OVERLAPPED
     * @return the error; {@link Win32Error#ERROR_IO_PENDING} if a packet will follow
     */
    int writeFile(long handle, long buffer, int length, long overlapped);

    /**
     * Starts a file system control operation ({@code NtFsControlFile}) that has no output. {@code DeviceIoControl} will
     * not do: it makes a device control of any code that is not of the type {@code FILE_DEVICE_FILE_SYSTEM}, which
     * those of pipes are not, and the pipe driver has no device controls.
     *
     * @param handle      the file or device
     * @param controlCode an FSCTL
     * @param input       the address of the input
     * @param inputLength its size in bytes
     * @param overlapped  the address of an OVERLAPPED whose first field holds {@code STATUS_PENDING}
     * @return the error; {@link Win32Error#ERROR_IO_PENDING} if a packet will follow
     */
    int fsControlFile(long handle, int controlCode, long input, int inputLength, long overlapped);

    /**
     * Starts to wait for a client on an instance that belongs to no port ({@code NtFsControlFile} with
     * {@code FSCTL_PIPE_LISTEN} and an asynchronous procedure call). When it ends, its final NTSTATUS replaces
     * {@code STATUS_PENDING} in the status block, and the next {@link #getQueuedCompletionStatusEx} of the calling
     * thread that finds no packet returns {@link Win32Error#WAIT_IO_COMPLETION}; that, or whichever alertable wait of
     * the thread comes first, makes the call. The system cancels the operation if the calling thread ends.
     *
     * @param handle      the server's end of an instance
     * @param statusBlock the address of an IO_STATUS_BLOCK whose first field holds {@code STATUS_PENDING}; it belongs
     *                    to the system under the memory law until its status changed
     * @param signal      the address of 16 bytes, a multiple of 16; the call sets the first 8 to zero and uses the
     *                    others ({@code InitializeSListHead}). It may come after the status changed
     * @return the error; {@link Win32Error#ERROR_IO_PENDING} if it will end later,
     *     {@link Win32Error#ERROR_PIPE_CONNECTED} if a client is there, {@link Win32Error#ERROR_NO_DATA} if one came
     *     and left, {@link Win32Error#ERROR_INVALID_PARAMETER} if the handle has a port
     */
    int listen(long handle, long statusBlock, long signal);

    /**
     * Asks to cancel an operation ({@code CancelIoEx}); it still completes, cancelled or not.
     *
     * @param handle     the handle
     * @param overlapped the address of the operation's OVERLAPPED or status block, or 0 for all of the handle's
     * @return the error; {@link Win32Error#ERROR_NOT_FOUND} if the operation has already ended
     */
    int cancelIoEx(long handle, long overlapped);

    /**
     * Creates an instance of a pipe ({@code CreateNamedPipeW}).
     *
     * @param name               the address of the NUL-terminated UTF-16 path
     * @param openMode           {@code dwOpenMode}
     * @param pipeMode           {@code dwPipeMode}
     * @param maxInstances       {@code nMaxInstances}, 1 to 255
     * @param outBufferSize      the outbound quota in bytes
     * @param inBufferSize       the inbound quota in bytes
     * @param securityAttributes the address of a SECURITY_ATTRIBUTES, or 0 for the default
     * @return the handle, or the negated error: {@link Win32Error#ERROR_ACCESS_DENIED} if the name is taken and
     *     {@link PipeFlags#FILE_FLAG_FIRST_PIPE_INSTANCE} was asked for, {@link Win32Error#ERROR_PIPE_BUSY} if there
     *     are as many instances as allowed
     */
    long createNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize, int inBufferSize,
                         long securityAttributes);

    /**
     * Creates the first instance of a pipe as one that serves nobody: while it is open the name is taken, and no client
     * gets it ({@code NtCreateNamedPipeFile} with {@code FILE_CREATE}, asking for SYNCHRONIZE only; on Windows 8 and
     * later an instance without access to data begins disconnected). What is said here of type, limit and security
     * counts for all instances that are created while the name lasts.
     *
     * @param name               the address of the NUL-terminated UTF-16 path
     * @param openMode           {@code PIPE_ACCESS_*}, the direction of the instances to come
     * @param pipeMode           {@code dwPipeMode}
     * @param maxInstances       how many instances there may be besides this one, 1 to 254, or 255 for no limit
     * @param outBufferSize      the outbound quota in bytes
     * @param inBufferSize       the inbound quota in bytes
     * @param securityAttributes the address of a SECURITY_ATTRIBUTES with a descriptor
     * @return the handle, which can only be closed, or the negated error: {@link Win32Error#ERROR_ACCESS_DENIED} if the
     *     name is taken, or {@link Win32Error#ERROR_PIPE_BUSY} if it has as many instances as allowed, too
     */
    long holdNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize, int inBufferSize,
                       long securityAttributes);

    /**
     * Opens a pipe or the pipe device ({@code CreateFileW}, {@code OPEN_EXISTING}, not shared).
     *
     * @param name   the address of the NUL-terminated UTF-16 path
     * @param access the desired access
     * @param flags  flags and attributes
     * @return the handle, or the negated error
     */
    long createFile(long name, int access, int flags);

    /**
     * Sets the read mode of an end of a pipe ({@code SetNamedPipeHandleState}).
     *
     * @param handle the end
     * @param mode   the address of a 4-byte {@code PIPE_READMODE_*} value
     * @return the error
     */
    int setNamedPipeHandleState(long handle, long mode);

    /**
     * Asks what kind of pipe this is ({@code GetNamedPipeInfo}).
     *
     * @param handle an end of the pipe
     * @param flags  the address of a 4-byte integer that receives {@code PIPE_TYPE_*} and {@code PIPE_SERVER_END}
     * @return the error
     */
    int getNamedPipeInfo(long handle, long flags);

    /**
     * Forces the client's end of an instance off ({@code DisconnectNamedPipe}): what either end wrote and the other has
     * not read is gone, and the client's calls fail with {@link Win32Error#ERROR_PIPE_NOT_CONNECTED}. The instance can
     * {@link #listen} again.
     *
     * @param handle the server's end
     * @return the error
     */
    int disconnectNamedPipe(long handle);

    /**
     * Asks about an open file ({@code NtQueryInformationFile}).
     *
     * @param handle           the file
     * @param informationClass a FILE_INFORMATION_CLASS, such as {@link PipeFlags#FILE_PIPE_LOCAL_INFORMATION}
     * @param scratch          the address of an IO_STATUS_BLOCK (16 bytes), followed by room for the answer
     * @param length           the size of that room in bytes
     * @return the error
     */
    int queryInformationFile(long handle, int informationClass, long scratch, int length);

    /**
     * Waits until an instance is free ({@code WaitNamedPipeW}). <strong>Blocks</strong>: never on an event loop.
     *
     * @param name          the address of the NUL-terminated UTF-16 path
     * @param timeoutMillis how long to wait at most, at least 1
     * @return the error; {@link Win32Error#ERROR_SEM_TIMEOUT} if none became free
     */
    int waitNamedPipe(long name, int timeoutMillis);

    /**
     * Translates a status ({@code RtlNtStatusToDosError}).
     *
     * @param ntStatus an NTSTATUS
     * @return the Win32 error for it
     */
    int errorOf(int ntStatus);

    /** The calls that say who somebody is, which are on nobody's path of a message and keep rules of their own. */
    Win32Identity identity();
}
