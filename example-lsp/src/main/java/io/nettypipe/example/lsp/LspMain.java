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
package io.nettypipe.example.lsp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.streams.NamedPipeStreams;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A language server on a named pipe.
 * <pre>
 * java -jar example-lsp.jar --pipe=\\.\pipe\NAME      the editor has made the pipe and started this, as VS Code does
 * java -jar example-lsp.jar --listen=NAME             editors connect
 * </pre>
 */
public final class LspMain {
    private final EventLoopGroup group;
    private final ExecutorService threads;

    LspMain(EventLoopGroup group, ExecutorService threads) {
        this.group = group;
        this.threads = threads;
    }

    /**
     * Serves the editor until it leaves, or editors until it is interrupted. The exit status is 1 if an editor that
     * made the pipe left without a {@code shutdown}, as the protocol has it.
     *
     * @param args as above
     * @throws Exception if the pipe cannot be served or reached
     */
    public static void main(String[] args) throws Exception {
        String how = args.length == 1 ? args[0].replaceAll("=.*", "=") : "";
        if (!"--pipe=".equals(how) && !"--listen=".equals(how)) {
            System.err.println("usage: --pipe=NAME | --listen=NAME");
            System.exit(2);
        }
        NamedPipeAddress pipe = NamedPipeAddress.of(args[0].substring(how.length()));
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        ExecutorService threads = Executors.newCachedThreadPool();
        boolean orderly = true;
        try {
            LspMain main = new LspMain(group, threads);
            if ("--pipe=".equals(how)) {
                orderly = main.serveEditorAt(pipe);
            } else {
                Channel server = main.listen(pipe);
                System.out.println("Listening on " + pipe + ", Ctrl-C stops");
                server.closeFuture().sync();
            }
        } finally {
            threads.shutdown();
            group.shutdownGracefully().sync();
        }
        System.exit(orderly ? 0 : 1);
    }

    /** Whether the editor said that it would leave. */
    boolean serveEditorAt(NamedPipeAddress pipe) throws Exception {
        Bootstrap client = new Bootstrap().group(group).channel(NamedPipeChannel.class);
        try (NamedPipeStreams streams = NamedPipeStreams.connect(client, pipe)) {
            return serve(streams);
        }
    }

    Channel listen(NamedPipeAddress pipe) throws InterruptedException {
        return new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                .childHandler(NamedPipeStreams.conversations(threads, this::serve))
                .bind(pipe).sync().channel();
    }

    private boolean serve(NamedPipeStreams streams) throws Exception {
        // The reader then sees an end, and not that somebody closed its stream.
        WordServer server = new WordServer(streams.channel()::close);
        Launcher<LanguageClient> launcher = LSPLauncher.createServerLauncher(server, streams.input(), streams.output(),
                threads, messages -> messages);
        // Until the pipe is closed; a call of the editor is answered by one of the threads.
        launcher.startListening().get();
        return server.isShutDown();
    }
}
