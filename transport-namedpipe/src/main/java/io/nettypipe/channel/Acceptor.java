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
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.WinError;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps instances listening, and hands over those that a client connected to. The next instance exists before an
 * accepted one is handed over, so that the name is never free for somebody else to take.
 */
final class Acceptor {
    private static final long FIRST_RETRY_MILLIS = 5;
    private static final long LAST_RETRY_MILLIS = 1000;

    private final NamedPipeServerChannel server;
    private final PipeInstances factory;
    private final int wanted;
    /** Not handed over yet: idle, listening or connected. */
    private final List<Instance> instances = new ArrayList<>();
    private final ArrayDeque<Instance> connected = new ArrayDeque<>();
    private final Runnable acceptLater = this::acceptIfWanted;
    private boolean readPending;
    private boolean inLoop;
    private int handedOver;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private Future<?> retry;

    Acceptor(NamedPipeServerChannel server, PipeInstances factory) {
        this.server = server;
        this.factory = factory;
        wanted = Math.min(server.config().getBacklog(), server.config().getMaxInstances());
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
     * room and
     * is none, this is done again after a while.
     */
    private int replenish() {
        int room = server.config().getMaxInstances() == PipeFlags.PIPE_UNLIMITED_INSTANCES ? Integer.MAX_VALUE
                : server.config().getMaxInstances() - handedOver;
        int error = WinError.ERROR_SUCCESS;
        while (instances.size() < Math.min(wanted, room) && error == WinError.ERROR_SUCCESS) {
            error = create();
        }
        if (error == WinError.ERROR_SUCCESS) {
            retryMillis = FIRST_RETRY_MILLIS;
        } else if (retry == null) {
            retry = server.eventLoop().schedule(this::retry, retryMillis, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
        }
        return error;
    }

    private void retry() {
        retry = null;
        proceed();
    }

    /** An instance that was handed over is closed, which may make room for another. */
    void instanceClosed() {
        handedOver--;
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
        RecvByteBufAllocator.ExtendedHandle handle = server.pipeUnsafe().recvHandle();
        ChannelPipeline pipeline = server.pipeline();
        handle.reset(server.config());
        inLoop = true;
        int error = WinError.ERROR_SUCCESS;
        do {
            Instance instance = connected.poll();
            if (instance == null) {
                break;
            }
            instances.remove(instance);
            handedOver++;
            error = replenish();
            handle.incMessagesRead(1);
            readPending = false;
            pipeline.fireChannelRead(new NamedPipeChannel(server, server.win32(), instance.handle));
        } while (server.canSubmit() && handle.continueReading());
        handle.readComplete();
        pipeline.fireChannelReadComplete();
        inLoop = false;
        if (error != WinError.ERROR_SUCCESS && error != WinError.ERROR_PIPE_BUSY) {
            pipeline.fireExceptionCaught(new NamedPipeException("CreateNamedPipe", server.localAddress(), error));
        }
        proceed();
    }

    /** Asks to cancel the listens. */
    void cancel() {
        instances.forEach(Instance::cancel);
    }

    /** Closes what was not handed over; nothing may be outstanding. */
    void close() {
        if (retry != null) {
            retry.cancel(false);
        }
        instances.forEach(instance -> server.win32().closeHandle(instance.handle));
        instances.clear();
        connected.clear();
        factory.close();
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
            if (!hasClient && !listen.isOutstanding()
                    && server.registration().submit(listen.on(handle, 0, 0)) == 0) {
                answered();
            }
        }

        void cancel() {
            if (listen.isOutstanding()) {
                server.registration().cancel(listen);
            }
        }

        @Override
        public void ended(IocpIoOps ops) {
            answered();
            if (!inLoop) {
                if (connected.isEmpty()) {
                    proceed();
                } else {
                    acceptIfWanted();
                }
            }
        }

        private void answered() {
            switch (listen.error()) {
                case WinError.ERROR_SUCCESS:
                case WinError.ERROR_PIPE_CONNECTED:
                case WinError.ERROR_NO_DATA:
                    // The last: it came and left; what it wrote is still there to be read, as with any other client.
                    hasClient = true;
                    connected.add(this);
                    break;
                case WinError.ERROR_OPERATION_ABORTED:
                    // The server closes or leaves its loop; or the thread that listened ended, and this listens again.
                    break;
                default:
                    instances.remove(this);
                    server.win32().closeHandle(handle);
                    server.pipeline().fireExceptionCaught(
                            new NamedPipeException("FSCTL_PIPE_LISTEN", server.localAddress(), listen.error()));
            }
        }
    }
}
