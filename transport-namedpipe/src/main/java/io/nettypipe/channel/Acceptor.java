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

import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.WinError;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps instances listening, and hands over those that a client connected to. The next instance exists before an
 * accepted one is handed over, so that the name is not free for somebody else to take; at the limit of instances, where
 * that cannot be, a closed one is replaced in the same breath ({@link PipeInstances#close}).
 */
final class Acceptor {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(Acceptor.class);
    private static final long FIRST_RETRY_MILLIS = 5;
    private static final long LAST_RETRY_MILLIS = 1000;
    /** As long as there is no instance at all, clients find no pipe; they bear that for a little longer than this. */
    private static final long LAST_RETRY_MILLIS_OF_NONE = 40;

    private final NamedPipeServerChannel server;
    private final PipeInstances factory;
    private final int limit;
    /** Not handed over yet: idle, listening or connected. */
    private final List<Instance> instances = new ArrayList<>();
    private final ArrayDeque<Instance> connected = new ArrayDeque<>();
    private final Runnable acceptLater = this::acceptIfWanted;
    private boolean readPending;
    private boolean inLoop;
    private final AtomicInteger handedOver = new AtomicInteger();
    private long retryMillis = FIRST_RETRY_MILLIS;
    private Future<?> retry;

    Acceptor(NamedPipeServerChannel server, PipeInstances factory) {
        this.server = server;
        this.factory = factory;
        int max = server.config().getMaxInstances();
        limit = max == PipeFlags.PIPE_UNLIMITED_INSTANCES ? Integer.MAX_VALUE : max;
    }

    /** Takes the name, and creates the instances that wait for clients. */
    void open() throws IOException {
        int error = create();
        if (error != WinError.ERROR_SUCCESS) {
            throw PipeErrors.onBind(server.localAddress0(), error, server.config().isFirstInstance());
        }
        replenish();
    }

    private int create() {
        long handle = factory.create();
        if (handle < 0) {
            return (int) -handle;
        }
        instances.add(new Instance(handle));
        return WinError.ERROR_SUCCESS;
    }

    /**
     * Creates what is missing, as far as the limit of instances allows. An instance that was closed here counts until
     * its client has closed it too, which nobody tells; and another process may have some. So where there should be
     * room and is none, this is done again after a while.
     */
    private int replenish() {
        int wanted = server.config().getBacklog();
        int error = WinError.ERROR_SUCCESS;
        while (instances.size() < Math.min(wanted, limit - handedOver.get()) && error == WinError.ERROR_SUCCESS) {
            error = create();
        }
        factory.missing(Math.max(wanted - instances.size(), 0));
        if (error != WinError.ERROR_SUCCESS) {
            retryLater(error);
        }
        return error;
    }

    private void retryLater(int error) {
        boolean none = factory.isEmpty();
        if (none) {
            cancelRetry();
        }
        if (retry == null) {
            if (error != WinError.ERROR_PIPE_BUSY && retryMillis == LAST_RETRY_MILLIS) {
                LOGGER.warn("{} still cannot create an instance: {}", server, ErrorText.of(error));
            }
            long delay = none ? Math.min(retryMillis, LAST_RETRY_MILLIS_OF_NONE) : retryMillis;
            retry = server.eventLoop().schedule(this::retry, delay, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
        }
    }

    private void retry() {
        retry = null;
        proceed();
    }

    void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
    }

    /** An instance that was handed over is closed. Any thread. */
    void instanceClosed() {
        handedOver.decrementAndGet();
    }

    /**
     * Goes on after {@link #instanceClosed()}.
     *
     * @param replacement the handle of the one in its place, or something negative
     */
    void instanceReplaced(long replacement) {
        if (replacement >= 0) {
            instances.add(new Instance(replacement));
        }
        proceed();
    }

    /** {@code Channel.read()}: may accept. */
    void beginRead() {
        readPending = true;
        if (!inLoop) {
            proceed();
        }
    }

    /** {@code setAutoRead(false)}: who connects from now on waits until the next {@code read()}. */
    void clearReadPending() {
        readPending = false;
    }

    /** Listens, and accepts who is there. */
    void proceed() {
        if (!server.canSubmit()) {
            return;
        }
        replenish();
        if (!readPending) {
            return;
        }
        for (Instance instance : new ArrayList<>(instances)) {
            instance.listen();
        }
        if (!connected.isEmpty()) {
            server.eventLoop().execute(acceptLater);
        }
    }

    private void acceptIfWanted() {
        if (readPending && !inLoop && server.canSubmit() && !connected.isEmpty()) {
            accept();
        }
    }

    private void accept() {
        inLoop = true;
        int error;
        try {
            error = acceptLoop();
        } finally {
            inLoop = false;
        }
        if (error != WinError.ERROR_SUCCESS && error != WinError.ERROR_PIPE_BUSY) {
            server.pipeline().fireExceptionCaught(
                    new NamedPipeException("CreateNamedPipe", server.localAddress(), error));
        }
        proceed();
    }

    /** Returns the error of creating the last replacement. */
    private int acceptLoop() {
        RecvByteBufAllocator.ExtendedHandle handle = server.pipeUnsafe().recvHandle();
        ChannelPipeline pipeline = server.pipeline();
        handle.reset(server.config());
        int error = WinError.ERROR_SUCCESS;
        do {
            Instance instance = connected.poll();
            if (instance == null) {
                break;
            }
            instances.remove(instance);
            handedOver.incrementAndGet();
            error = replenish();
            handle.incMessagesRead(1);
            readPending = false;
            pipeline.fireChannelRead(new NamedPipeChannel(server, server.win32(), instance.handle));
        } while (server.canSubmit() && handle.continueReading());
        handle.readComplete();
        pipeline.fireChannelReadComplete();
        return error;
    }

    /** Asks to cancel the listens. */
    void cancel() {
        instances.forEach(Instance::cancel);
    }

    /** Closes what was not handed over; nothing may be outstanding. */
    void close() {
        cancelRetry();
        instances.forEach(instance -> factory.discard(instance.handle));
        instances.clear();
        connected.clear();
        factory.stop();
    }

    /** The server's end of the pipe, before somebody has it. */
    private final class Instance implements PipeOperation {
        final long handle;
        private final IocpIoOps listen = IocpIoOps.listen(this);
        private boolean hasClient;

        Instance(long handle) {
            this.handle = handle;
        }

        void listen() {
            if (!server.canSubmit() || hasClient || listen.isOutstanding()) {
                return;
            }
            if (server.registration().submit(listen.on(handle, 0, 0)) == 0) {
                answered();
            } else {
                retryMillis = FIRST_RETRY_MILLIS;
            }
        }

        void cancel() {
            if (listen.isOutstanding()) {
                server.registration().cancel(listen);
            }
        }

        @Override
        public void ended(IocpIoOps ops) {
            if (answered() && !inLoop) {
                if (connected.isEmpty()) {
                    proceed();
                } else {
                    acceptIfWanted();
                }
            }
        }

        /** Returns whether the instance is still one. */
        private boolean answered() {
            switch (listen.error()) {
                case WinError.ERROR_SUCCESS:
                case WinError.ERROR_PIPE_CONNECTED:
                case WinError.ERROR_NO_DATA:
                    // The last: it came and left; what it wrote is still there to be read, as with any other client.
                    hasClient = true;
                    connected.add(this);
                    return true;
                case WinError.ERROR_OPERATION_ABORTED:
                    // The server closes or leaves its loop; or the thread that listened ended, and this listens again.
                    return true;
                default:
                    instances.remove(this);
                    factory.discard(handle);
                    retryLater(listen.error());
                    server.pipeline().fireExceptionCaught(
                            new NamedPipeException("FSCTL_PIPE_LISTEN", server.localAddress(), listen.error()));
                    return false;
            }
        }
    }
}
