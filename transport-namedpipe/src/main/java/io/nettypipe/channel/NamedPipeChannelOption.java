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
package io.nettypipe.channel;

import io.netty.channel.ChannelOption;

/**
 * The options of named-pipe channels, beside those of {@link ChannelOption}. Those of a server apply to the instances
 * it creates and are set before it is bound; setting one later, or to a value out of its range, is refused with an
 * {@link IllegalStateException} or {@link IllegalArgumentException}.
 *
 * @param <T> the type of the value
 */
public final class NamedPipeChannelOption<T> extends ChannelOption<T> {

    /**
     * Server: whether writes keep their boundaries on the wire, {@code PIPE_TYPE_BYTE} or {@code PIPE_TYPE_MESSAGE} of
     * {@code CreateNamedPipe}. Default {@link NamedPipeMode#BYTE}. All instances of a name have the same.
     */
    public static final ChannelOption<NamedPipeMode> PIPE_TYPE =
            valueOf(NamedPipeChannelOption.class, "PIPE_TYPE");

    /**
     * How this end is read: {@link NamedPipeMode#BYTE} delivers {@code ByteBuf}, {@link NamedPipeMode#MESSAGE}
     * delivers {@link PipeMessage} and needs a message-type pipe. On a server ({@code PIPE_READMODE_*} of
     * {@code CreateNamedPipe}) it is for the accepted channels, by default as {@link #PIPE_TYPE}; with a byte-type
     * pipe, binding fails with {@link IllegalArgumentException}. On a client ({@code SetNamedPipeHandleState}) it is
     * set before connecting, by default {@code BYTE}; connecting to a byte-type pipe then fails. On an accepted channel
     * it is, by default, what the server has; it can be set at any time, by a {@code childOption}, in {@code
     * initChannel}, which comes before the first read, or later by any thread, and holds from the next read on, before
     * which the event loop sets it: what was read before, and what a read brings that was pending, is delivered as it
     * was read. Not so if the server is {@link NamedPipeDirection#INBOUND}, whose mode the system does not change. On a
     * channel that is made of a handle it is, by default, what the handle has, and is set before it is registered.
     */
    public static final ChannelOption<NamedPipeMode> READ_MODE =
            valueOf(NamedPipeChannelOption.class, "READ_MODE");

    /**
     * Server or client: which way data flows, as that end sees it. On a server ({@code PIPE_ACCESS_*} of
     * {@code CreateNamedPipe}) it is for the accepted channels, and all instances of a name have the same. On a client
     * it is the access that {@code CreateFile} asks for, set before connecting; a pipe without that direction refuses
     * the connect ({@code ERROR_ACCESS_DENIED}). On an accepted channel it is read-only; as a {@code childOption} that
     * differs from the server's it fails the bind. Default {@link NamedPipeDirection#DUPLEX}. Writing to an end that
     * only reads fails with {@link UnsupportedOperationException}; {@link NamedPipeDirection#OUTBOUND} says what
     * reading from one that only writes does.
     */
    public static final ChannelOption<NamedPipeDirection> DIRECTION =
            valueOf(NamedPipeChannelOption.class, "DIRECTION");

    /**
     * Server: how many instances of the name there may be, the connected ones included; {@code nMaxInstances} of
     * {@code CreateNamedPipe}. 1 to 255; 255 ({@code PIPE_UNLIMITED_INSTANCES}, the default) means no limit. A client
     * beyond the limit finds the pipe busy and waits. The instance of a channel that closes is free for the next client
     * as soon as the system has all that was flushed, whether its client has read that or not; until then, at most
     * {@link ChannelOption#SO_LINGER}, it is in use. The system counts one more than this: an instance that serves
     * nobody, and keeps the name from bind to close.
     */
    public static final ChannelOption<Integer> MAX_INSTANCES =
            valueOf(NamedPipeChannelOption.class, "MAX_INSTANCES");

    /**
     * Server: whether an instance whose channel closed is disconnected from its client ({@code DisconnectNamedPipe})
     * and listens again, instead of being closed and created anew. Default {@code false}. The client is disconnected
     * once it has read everything or has left, or when the accepted channel's {@link ChannelOption#SO_LINGER} is over,
     * and sees a {@link NamedPipeDisconnectedEvent} and the end of the stream then; what it has written and nobody has
     * read is dropped. As many instances stay as were ever needed at once, which {@link #MAX_INSTANCES} bounds, and
     * each is in use until its client is disconnected. Needs Windows 8.1; on a system whose handles cannot leave
     * their completion port ({@code FileReplaceCompletionInformation}) instances are closed and created as without
     * it.
     */
    public static final ChannelOption<Boolean> REUSE_INSTANCES =
            valueOf(NamedPipeChannelOption.class, "REUSE_INSTANCES");

    /**
     * Server: how many bytes a client can write before the server reads them, {@code nInBufferSize} of
     * {@code CreateNamedPipe}. At least 0, by default 65,536. A write beyond it is not lost; it completes when it was
     * read.
     */
    public static final ChannelOption<Integer> IN_BUFFER_SIZE =
            valueOf(NamedPipeChannelOption.class, "IN_BUFFER_SIZE");

    /**
     * Server: how many bytes it can write before the client reads them, {@code nOutBufferSize} of
     * {@code CreateNamedPipe}. At least 0, by default 65,536. A write beyond it is not lost; it completes when it was
     * read.
     */
    public static final ChannelOption<Integer> OUT_BUFFER_SIZE =
            valueOf(NamedPipeChannelOption.class, "OUT_BUFFER_SIZE");

    /**
     * Server: whether clients on other machines are refused, {@code PIPE_REJECT_REMOTE_CLIENTS} of
     * {@code CreateNamedPipe}. Default {@code true}: a pipe is reachable through the network otherwise.
     */
    public static final ChannelOption<Boolean> REJECT_REMOTE_CLIENTS =
            valueOf(NamedPipeChannelOption.class, "REJECT_REMOTE_CLIENTS");

    /**
     * Server: whether binding fails with {@code BindException} if the name has instances already,
     * {@code FILE_FLAG_FIRST_PIPE_INSTANCE} of {@code CreateNamedPipe}. Default {@code true}: otherwise a program that
     * was there first gets some of the clients. From the bind to the close the name is the server's then, however few
     * instances there are, because one that serves nobody keeps it.
     * <p>
     * The channels that an earlier server accepted are instances too, also after it was closed, until they are closed
     * and what they had flushed is delivered ({@link ChannelOption#SO_LINGER}); their clients need not be.
     * <p>
     * {@code false} lets several servers share a name. Who was first keeps it, and says {@link #MAX_INSTANCES} and
     * {@link #SECURITY} for all; {@link #PIPE_TYPE} and {@link #DIRECTION} must be the same. A server that came later
     * keeps the name with its own instances only: if it is the last one left, and at its limit, the name is free for a
     * moment while an instance is closed and another created.
     */
    public static final ChannelOption<Boolean> FIRST_INSTANCE =
            valueOf(NamedPipeChannelOption.class, "FIRST_INSTANCE");

    /**
     * Client: whether to wait, for at most {@link ChannelOption#CONNECT_TIMEOUT_MILLIS}, when all instances of the pipe
     * are busy or there is none; after that the attempt fails with {@link io.netty.channel.ConnectTimeoutException}.
     * Default {@link ConnectPolicy#WAIT_WHEN_BUSY}. Other errors, such as an unknown machine, fail at once.
     */
    public static final ChannelOption<ConnectPolicy> CONNECT_POLICY =
            valueOf(NamedPipeChannelOption.class, "CONNECT_POLICY");

    /**
     * Client: who must own the pipe ({@code GetSecurityInfo}, {@code OWNER_SECURITY_INFORMATION}). Default {@link
     * NamedPipeOwner#anyone()}. The owner is asked for when the pipe is open and before anything is sent; if it is
     * another, the attempt fails with {@link NamedPipeOwnerException}, a {@code ConnectException}, and the handle is
     * closed. It is the owner of the name, who trusts those to serve whom the pipe's descriptor lets create further
     * instances; {@link NamedPipeOwner#alone()} and {@link NamedPipeOwner#atLeast} ask for that, and for the pipe's
     * integrity level, in the same way. A server can learn who opened its pipe before the owner is known, as far as
     * {@link #IMPERSONATION_LEVEL} allows.
     */
    public static final ChannelOption<NamedPipeOwner> SERVER_OWNER =
            valueOf(NamedPipeChannelOption.class, "SERVER_OWNER");

    /**
     * Client: what the server may do with the client's identity, {@code SECURITY_SQOS_PRESENT} and
     * {@code SECURITY_ANONYMOUS} to {@code SECURITY_DELEGATION} of {@code CreateFile}. Default {@link
     * ImpersonationLevel#IDENTIFICATION}: what the system does by itself lets any server act as the client.
     */
    public static final ChannelOption<ImpersonationLevel> IMPERSONATION_LEVEL =
            valueOf(NamedPipeChannelOption.class, "IMPERSONATION_LEVEL");

    /**
     * Server: who may connect and who owns the pipe, {@code lpSecurityAttributes} of {@code CreateNamedPipe}. Default
     * {@link NamedPipeSecurity#currentUser()}: what the system does by itself lets everybody read. {@link
     * NamedPipeSecurity#builder()} says others in words. It is the first
     * instance's for as long as the name exists, so with {@link #FIRST_INSTANCE} {@code false} and a name that is
     * served already it changes nothing. A client that it denies gets a {@code ConnectException} with an
     * {@code AccessDeniedException} as its cause.
     */
    public static final ChannelOption<NamedPipeSecurity> SECURITY =
            valueOf(NamedPipeChannelOption.class, "SECURITY");

    /**
     * Client or accepted channel: whether an empty message is data like any other, although
     * {@link ChannelOption#ALLOW_HALF_CLOSURE} is set, which takes it for the peer's half-close, or although bytes are
     * read, to which it is the end; as bytes it is nothing then. It is about what is received, not about {@code
     * shutdownOutput()}. Default {@code false}; can be set at any time. On a byte-type pipe, which has neither messages
     * nor half-closure, switching it on is answered {@code false}.
     */
    public static final ChannelOption<Boolean> EMPTY_MESSAGE_AS_DATA =
            valueOf(NamedPipeChannelOption.class, "EMPTY_MESSAGE_AS_DATA");

    /**
     * Client and accepted channels: whether data is waited for without a read buffer, by a {@code ReadFile} of no
     * bytes; on a message-type pipe by one of a single byte, because an empty message would end the other. Default
     * {@code false}: a read with a buffer of the size that {@link ChannelOption#RECVBUF_ALLOCATOR} guesses waits, and
     * an idle connection holds that. {@code true} is for many connections that are mostly idle; each message costs a
     * second system call. It also helps peers that ask how much they may write before they do, as programs of Cygwin
     * and MSYS2: Windows takes a read that waits off that, so with a buffer as large as the pipe's quota ({@link
     * #IN_BUFFER_SIZE} of a server that reads, {@link #OUT_BUFFER_SIZE} of its clients) the pipe looks full to them.
     * Can be set at any time, and holds from the next read on.
     */
    public static final ChannelOption<Boolean> ZERO_BYTE_READ =
            valueOf(NamedPipeChannelOption.class, "ZERO_BYTE_READ");

    /**
     * Client and accepted channels: how long a part of a message may be that is not the first, in bytes. At least 0, by
     * default 1,048,576. A message that does not fit the buffer of the size that {@link
     * ChannelOption#RECVBUF_ALLOCATOR} guesses is read in parts, each of which costs a system call or two. Of the
     * second and the others the system is asked how long they are ({@code ReadDataAvailable} of {@code
     * FILE_PIPE_LOCAL_INFORMATION}), so that with this limit a message of 1 MiB comes in two. A buffer of that size is
     * allocated once the bytes are there, and only then. 0 reads all parts into buffers of the size that is guessed, as
     * does a pipe on another machine, which would be asked through the network. Of no use to who reads bytes. Can be
     * set at any time, and holds from the next read on.
     */
    public static final ChannelOption<Integer> MAX_PART_SIZE =
            valueOf(NamedPipeChannelOption.class, "MAX_PART_SIZE");

    @SuppressWarnings({"unused", "deprecation"})
    private NamedPipeChannelOption() {
        super(null);
    }
}
