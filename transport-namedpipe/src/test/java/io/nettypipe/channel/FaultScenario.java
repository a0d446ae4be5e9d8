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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.iocp.TestIocp;

import java.util.concurrent.TimeUnit;

/** What a program does while a call fails. Each waits for an outcome, good or bad, of all that it began. */
enum FaultScenario {
    ECHO_BYTES {
        @Override
        void run(FaultRun run) throws Exception {
            run.echo(NamedPipeMode.BYTE, 1_000);
        }
    },
    ECHO_LARGE_MESSAGES {
        @Override
        void run(FaultRun run) throws Exception {
            run.echo(NamedPipeMode.MESSAGE, 200_000);
        }
    },
    ECHO_WITHOUT_READ_BUFFERS {
        @Override
        void run(FaultRun run) throws Exception {
            for (NamedPipeMode mode : NamedPipeMode.values()) {
                run.zeroByteReads = true;
                run.echo(mode, 1_000);
            }
        }
    },
    DRAIN {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(new ServerBootstrap())) {
                FaultRun.Sink client = new FaultRun.Sink();
                ChannelFuture dial = run.connect(client);
                if (run.await(dial)) {
                    run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(100_000, 1)));
                    run.await(run.begin(((NamedPipeChannel) dial.channel()).drain()));
                }
            }
        }
    },
    ABORT {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(new ServerBootstrap().childOption(ChannelOption.SO_LINGER, 0)
                    .childHandler(new FaultRun.SendAndClose()))) {
                ChannelFuture dial = run.connect(new FaultRun.Sink());
                if (run.await(dial)) {
                    run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(100, 1)));
                    run.await(dial.channel().closeFuture());
                }
                run.awaitService();
            }
        }
    },
    CONNECT_BUSY {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1))) {
                ChannelFuture first = run.connect(new FaultRun.Sink());
                run.await(first);
                ChannelFuture second = run.connect(new FaultRun.Sink());
                run.await(first.channel().close());
                run.await(second);
                run.await(second.channel().close());
            }
        }
    },
    CONNECT_TO_A_BUSY_REMOTE_PIPE {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(PipeFixture.forNetwork(new ServerBootstrap())
                    .option(NamedPipeChannelOption.MAX_INSTANCES, 1))) {
                run.connectRemotely();
                ChannelFuture first = run.connect(new FaultRun.Sink());
                run.await(first);
                ChannelFuture second = run.connect(new FaultRun.Sink());
                run.awaitCallOrEnd("waitNamedPipe", second);
                run.await(first.channel().close());
                run.await(second);
                run.await(second.channel().close());
            }
        }
    },
    CONNECT_CANCELLED {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1))) {
                run.await(run.connect(new FaultRun.Sink()));
                ChannelFuture second = run.connect(new FaultRun.Sink());
                run.await(second.channel().eventLoop().submit(() -> { }));
                second.cancel(false);
                run.await(second);
                run.await(second.channel().close());
            }
        }
    },
    REUSE {
        @Override
        void run(FaultRun run) throws Exception {
            // One instance for all: each client leaves bytes unread, and the server or the client closes first.
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                    .childOption(ChannelOption.SO_LINGER, 1).childHandler(new FaultRun.SendAndClose()))) {
                for (int i = 0; i < 3; i++) {
                    FaultRun.Sink client = new FaultRun.Sink();
                    ChannelFuture dial = run.connect(client);
                    if (run.await(dial)) {
                        run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(100, i)));
                        client.awaitBytesOrEnd(i == 1 ? 1 : FaultRun.SendAndClose.BYTES);
                        run.await(dial.channel().close());
                    }
                }
                run.awaitService();
            }
        }
    },
    REUSE_OF_A_CLIENT_THAT_STAYS {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                    .childOption(ChannelOption.SO_LINGER, 0).childHandler(new FaultRun.SendAndClose()))) {
                for (int i = 0; i < 3; i++) {
                    run.await(run.connect(new FaultRun.Sink()));
                }
            }
        }
    },
    ADOPT {
        @Override
        void run(FaultRun run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE))) {
                long handle = run.open();
                NamedPipeChannel channel = handle < 0 ? null : run.channelOf(handle);
                if (channel != null) {
                    FaultRun.Sink client = new FaultRun.Sink();
                    channel.pipeline().addLast(client);
                    channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE);
                    if (run.register(channel, handle)) {
                        run.begin(channel.writeAndFlush(PipeFixture.pattern(10_000, 1)));
                        client.awaitBytesOrEnd(10_000);
                    }
                }
            }
        }
    },
    HALF_CLOSE {
        @Override
        void run(FaultRun run) throws Exception {
            // The answer comes when the server was told that there is no more, or not at all.
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childHandler(new FaultRun.AnswerAndClose()))) {
                FaultRun.Sink client = new FaultRun.Sink();
                ChannelFuture dial = run.connect(client);
                if (run.await(dial)) {
                    run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(1_000, 1)));
                    if (run.await(run.begin(((DuplexChannel) dial.channel()).shutdownOutput()))) {
                        client.awaitBytesOrEnd(FaultRun.AnswerAndClose.BYTES);
                    }
                }
            }
        }
    },
    SHUTDOWN_IN_FLIGHT {
        @Override
        void run(FaultRun run) throws Exception {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, TestIocp.newFactory(run.pipes.win32));
            try {
                if (run.bind(new ServerBootstrap().group(group).childOption(ChannelOption.AUTO_READ, false))) {
                    for (int i = 0; i < 2; i++) {
                        ChannelFuture dial = run.dial(group, new FaultRun.Sink());
                        if (run.await(dial)) {
                            run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(200_000, i)));
                        }
                    }
                }
            } finally {
                run.await(group.shutdownGracefully(0, 10, TimeUnit.SECONDS));
            }
        }
    };

    abstract void run(FaultRun run) throws Exception;
}
