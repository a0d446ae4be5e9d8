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
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps instances listening, and hands over those that a client connected to. Those that come next exist before a
 * handler sees the accepted ones, as far as the limit of instances allows.
 */
final class Acceptor {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(Acceptor.class);

    private final NamedPipeServerChannel server;
    private final PipeInstances factory;
    private final int limit;
    /** Not handed over yet: idle, listening or connected. */
    private final List<Instance> instances = new ArrayList<>();
    private final ArrayDeque<Instance> connected = new ArrayDeque<>();
    private final Runnable acceptLater = this::acceptIfWanted;
    private final ReadRequest request;
    private boolean inLoop;
    /** How many instances accepted channels have. */
    private int handedOver;
    private final AcceptRetry retry;

    Acceptor(NamedPipeServerChannel server, PipeInstances factory) {
        this.server = server;
        request = server.readRequest();
        this.factory = factory;
        retry = new AcceptRetry(server, this::advance);
        int max = server.config().getOption(NamedPipeChannelOption.MAX_INSTANCES);
        limit = max == PipeFlags.PIPE_UNLIMITED_INSTANCES ? Integer.MAX_VALUE : max;
    }

    /** Takes the name, and creates the instances that wait for clients. */
    void open() throws IOException {
        boolean first = server.config().getOption(NamedPipeChannelOption.FIRST_INSTANCE);
        int error = factory.takeName();
        if (error != Win32Error.ERROR_SUCCESS) {
            throw PipeErrors.onBind("NtCreateNamedPipeFile", server.localAddress0(), error, first);
        }
        error = create();
        if (error == Win32Error.ERROR_ACCESS_DENIED && first) {
            throw PipeErrors.onSecondInstance(server.localAddress0(),
                    server.config().getOption(NamedPipeChannelOption.SECURITY));
        } else if (error != Win32Error.ERROR_SUCCESS) {
            throw PipeErrors.onBind("CreateNamedPipe", server.localAddress0(), error, first);
        }
        NamedPipeMode type = factory.typeOf(instances.get(0).handle);
        NamedPipeMode wanted = server.config().getOption(NamedPipeChannelOption.PIPE_TYPE);
        if (type != wanted) {
            throw PipeErrors.onOtherType(server.localAddress0(), wanted, type);
        }
        replenish();
    }

    private int create() {
        long handle = factory.create();
        if (handle < 0) {
            return (int) -handle;
        }
        retry.worked(AcceptRetry.Call.CREATE);
        instances.add(new Instance(handle, false));
        return Win32Error.ERROR_SUCCESS;
    }

    /** Creates what is missing, as far as the limit of instances allows. */
    private void replenish() {
        int wanted = server.config().getOption(ChannelOption.SO_BACKLOG) + leaving();
        int error = Win32Error.ERROR_SUCCESS;
        while (instances.size() < Math.min(wanted, limit - handedOver) && error == Win32Error.ERROR_SUCCESS) {
            error = create();
        }
        factory.missing(Math.max(wanted - instances.size(), 0));
        if (error != Win32Error.ERROR_SUCCESS) {
            retry.later(AcceptRetry.Call.CREATE, error);
        }
    }

    /** How many of the connected ones are about to be handed over. */
    private int leaving() {
        if (server.config().isAutoRead()) {
            return inLoop || request.isPending() ? connected.size() : 0;
        }
        return request.isPending() ? Math.min(connected.size(), 1) : 0;
    }

    /** The server leaves its event loop. */
    void cancelRetry() {
        retry.cancel();
    }

    /**
     * An instance that was handed over is closed, or serves again.
     *
     * @param next    the handle of the one in its place, or something negative
     * @param renewed whether that is the same one, which no client can connect to until it listens
     */
    void givenBack(long next, boolean renewed) {
        handedOver--;
        if (next >= 0) {
            instances.add(new Instance(next, renewed));
        }
        advance();
    }

    /** {@code Channel.read()}: may accept. */
    void beginRead() {
        request.ask();
        if (!inLoop) {
            advance();
        }
    }

    /** Listens, and accepts who is there. */
    void advance() {
        if (!server.canSubmit()) {
            return;
        }
        if (Impersonation.isInForce()) {
            server.eventLoop().execute(this::advance);
            return;
        }
        replenish();
        for (Instance instance : new ArrayList<>(instances)) {
            if (request.isPending() || instance.renewed) {
                instance.listen();
            }
        }
        if (request.isPending() && !connected.isEmpty()) {
            // Behind the other completions of this turn of the loop, so that all who came are replaced before any
            // handler runs.
            server.eventLoop().execute(acceptLater);
        }
    }

    private void acceptIfWanted() {
        if (request.isPending() && !inLoop && server.canSubmit() && !connected.isEmpty()) {
            accept();
        }
    }

    private void accept() {
        inLoop = true;
        try {
            acceptLoop();
        } finally {
            inLoop = false;
        }
        advance();
    }

    private void acceptLoop() {
        RecvByteBufAllocator.ExtendedHandle handle = server.pipeUnsafe().recvHandle();
        ChannelPipeline pipeline = server.pipeline();
        handle.reset(server.config());
        do {
            Instance instance = connected.poll();
            if (instance == null) {
                break;
            }
            instances.remove(instance);
            handedOver++;
            replenish();
            handle.incMessagesRead(1);
            request.clear();
            NamedPipeChannel channel = new NamedPipeChannel(server, server.win32(), instance.handle);
            server.metrics().accepted();
            LOGGER.debug("{} accepted {}", server, channel);
            pipeline.fireChannelRead(channel);
        } while (server.canSubmit() && handle.continueReading());
        handle.readComplete();
        pipeline.fireChannelReadComplete();
    }

    /** Closes what was not handed over; nothing may be outstanding. */
    void close() {
        cancelRetry();
        factory.stop();
        instances.forEach(instance -> factory.discard(instance.handle));
        instances.clear();
        connected.clear();
    }

    /** The server's end of the pipe, before somebody has it. */
    private final class Instance implements IocpIoCompletion {
        final long handle;
        /** It served a client before: no other can connect until it listens, wanted or not. */
        final boolean renewed;
        private final IocpIoOps listen = IocpIoOps.listen(this);
        private boolean hasClient;

        Instance(long handle, boolean renewed) {
            this.handle = handle;
            this.renewed = renewed;
        }

        void listen() {
            if (!server.canSubmit() || hasClient || listen.isOutstanding()) {
                return;
            }
            if (!server.file().submit(listen.on(handle, 0, 0))) {
                answered();
            } else {
                retry.worked(AcceptRetry.Call.LISTEN);
            }
        }

        @Override
        public void completed(IocpIoOps ops) {
            if (answered() && !inLoop) {
                advance();
            }
        }

        /** Returns whether the instance is still one. */
        private boolean answered() {
            switch (listen.error()) {
                case Win32Error.ERROR_SUCCESS:
                case Win32Error.ERROR_PIPE_CONNECTED:
                case Win32Error.ERROR_NO_DATA:
                    // The last: it came and left; what it wrote is still there to be read, as with any other client.
                    hasClient = true;
                    connected.add(this);
                    return true;
                case Win32Error.ERROR_OPERATION_ABORTED:
                    // The server closes or leaves its loop; or the thread that listened ended, and this listens again.
                    return true;
                default:
                    // For want of resources only the call failed, and a client may be there already. For any other
                    // reason another instance is as good.
                    if (!PipeErrors.isShortage(listen.error())) {
                        factory.discard(handle);
                        instances.remove(this);
                    }
                    retry.later(AcceptRetry.Call.LISTEN, listen.error());
                    return false;
            }
        }
    }
}
