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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeDirection;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testsuite.PatternInput;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one of our channels and .NET's pipe do with each other, whichever of the two is the server. {@code Peer.cs}
 * has .NET's part, and checks the bytes that reach it.
 */
@Timeout(120)
abstract class DotnetPeer {
    static final int PATIENCE_SECONDS = 60;
    private static final int MAX_MESSAGE = 16 * 1024 * 1024;
    private static final int HUGE = 8 * 1024 * 1024;
    private static final int MEBIBYTE = 1024 * 1024;

    static DotnetProgram dotnet;

    final OurSide ours = new OurSide();

    /** How .NET has opened its end. */
    enum Handles {
        ASYNCHRONOUS("Asynchronous"),
        SYNCHRONOUS("Synchronous");

        final String word;

        Handles(String word) {
            this.word = word;
        }
    }

    /** What kind of pipe; the direction is ours. */
    record Kind(NamedPipeMode mode, Handles handles, NamedPipeDirection direction) {
        Kind(NamedPipeMode mode, Handles handles) {
            this(mode, handles, NamedPipeDirection.DUPLEX);
        }

        Kind with(NamedPipeDirection ours) {
            return new Kind(mode, handles, ours);
        }

        boolean isMessage() {
            return mode == NamedPipeMode.MESSAGE;
        }

        @Override
        public String toString() {
            return mode + " " + handles;
        }
    }

    /** For what does not depend on it. */
    static final Kind ANY = new Kind(NamedPipeMode.BYTE, Handles.ASYNCHRONOUS);

    /** .NET's user, and the owner of what it makes, as SIDs. */
    record Self(String user, String owner) {
    }

    static Stream<Kind> kinds() {
        return Stream.of(NamedPipeMode.values())
                .flatMap(mode -> Stream.of(Handles.values()).map(handles -> new Kind(mode, handles)));
    }

    @BeforeAll
    static void startDotnet() throws Exception {
        dotnet = DotnetProgram.start();
    }

    @AfterAll
    static void stopDotnet() {
        if (dotnet != null) {
            dotnet.close();
        }
    }

    @AfterEach
    void stopLoops() {
        ours.close();
    }

    /** Connects that program, doing what the words say, and a channel of ours, which is initialized so. */
    abstract Conversation meet(DotnetProgram program, Kind kind, Consumer<Channel> channel, String... words)
            throws Exception;

    final Conversation meet(Kind kind, Consumer<Channel> channel, String... words) throws Exception {
        return meet(dotnet, kind, channel, words);
    }

    /** The line that tells .NET what to be and do. */
    final List<String> line(String role, Kind kind, String... words) {
        List<String> line = new ArrayList<>(List.of("role=" + role, "pipe=" + ours.address.name(),
                "type=" + (kind.isMessage() ? "Message" : "Byte"), "handles=" + kind.handles.word,
                "direction=" + switch (kind.direction) {
                    case INBOUND -> "Out";
                    case OUTBOUND -> "In";
                    case DUPLEX -> "InOut";
                }));
        line.addAll(List.of(words));
        return line;
    }

    static Self self() throws IOException {
        try (Conversation talk = dotnet.does(List.of("role=self"))) {
            return new Self(talk.says(), talk.says());
        }
    }

    static Consumer<Channel> adding(Sink sink) {
        return channel -> channel.pipeline().addLast(sink);
    }

    /** Reads nothing until told to. */
    private static Consumer<Channel> addingUnread(Sink sink) {
        return channel -> {
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(sink);
        };
    }

    /** Echoes whole messages, where there are messages. */
    static Consumer<Channel> echoing(Kind kind, Sink sink) {
        return channel -> {
            if (kind.isMessage()) {
                channel.pipeline().addLast(new PipeMessageCodec(MAX_MESSAGE));
            }
            channel.pipeline().addLast(sink);
        };
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnet_sendingMessagesOfManySizes_readsEachBack(Kind kind) throws Exception {
        Sink sink = Sink.echoing();
        try (Conversation talk = meet(kind, echoing(kind, sink), "verb=exchange",
                "sizes=1,511,512,513,5000,70000,1048577,2,3")) {
            talk.ends();
        }
        sink.ended();
        assertEquals(1 + 511 + 512 + 513 + 5000 + 70_000 + 1_048_577 + 2 + 3, sink.size());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnet_echoing_givesEachMessageBack(Kind kind) throws Exception {
        List<Integer> sizes = IntStream.range(0, 100).map(i -> 1 + i * 997 % 20_011).boxed().toList();
        int all = sizes.stream().mapToInt(size -> size).sum();
        Sink sink = Sink.awaiting(all);
        try (Conversation talk = meet(kind, adding(sink), "verb=echo")) {
            int from = 0;
            for (int size : sizes) {
                sink.channel().write(Pattern.bytes(1, from, size));
                from += size;
            }
            sink.channel().flush();
            sink.received();
            sink.channel().close().sync();
            talk.ends();
        }
        assertEquals(Pattern.digest(1, all), sink.ended());
        if (kind.isMessage()) {
            assertEquals(sizes, sink.messages());
        }
    }

    /** An empty one is no end to .NET, whose read then answers 0 nevertheless. */
    @ParameterizedTest
    @EnumSource
    void dotnetReadingMessages_seesWhereEachEnds_theEmptyOnesToo(Handles handles) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(new Kind(NamedPipeMode.MESSAGE, handles), adding(sink), "verb=readMessages")) {
            for (int size : new int[] {5, 0, 1024, 1025, 0}) {
                sink.channel().writeAndFlush(new PipeMessage(Pattern.bytes(1, 0, size), true));
                talk.says("message " + size);
            }
            sink.channel().close().sync();
            String said = talk.says();
            // a read that is awaited ends as if by an empty message, and only the next one finds the pipe broken
            boolean looksEmpty = handles == Handles.ASYNCHRONOUS && said.equals("message 0");
            assertEquals("end", looksEmpty ? talk.says() : said);
            talk.ends();
        }
    }

    /** At once, where .NET's handle can. */
    @ParameterizedTest
    @MethodSource("kinds")
    void hundredMebibytesEachWay_areReadInFullByBoth(Kind kind) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(kind, channel -> channel.pipeline().addLast(new ChunkedWriteHandler(), sink),
                "verb=transfer", "size=" + Pattern.LARGE)) {
            Future<?> written = sink.channel().writeAndFlush(new PatternInput(1, Pattern.LARGE));
            talk.ends();
            assertTrue(written.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && written.isSuccess());
        }
        assertEquals(Pattern.digest(1, Pattern.LARGE), sink.ended());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetWaitingForItsDrain_goesOnWhenWeHaveRead(Kind kind) throws Exception {
        Sink sink = Sink.awaiting(1000);
        try (Conversation talk = meet(kind, addingUnread(sink), "verb=write", "size=1000", "buffers=65536")) {
            talk.says("written");
            sink.channel().config().setAutoRead(true);
            talk.says("drained");
            talk.ends();
        }
        assertEquals(Pattern.digest(1, 1000), sink.ended());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ourDrain_isDoneWhenDotnetHasRead(Kind kind) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(kind, adding(sink), "verb=read", "buffers=65536")) {
            talk.says("connected");
            NamedPipeChannel channel = (NamedPipeChannel) sink.channel();
            channel.writeAndFlush(Pattern.bytes(1, 0, 1000)).sync();
            Future<?> drained = channel.drain();
            assertFalse(drained.isDone());
            talk.hears("read");
            assertTrue(drained.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && drained.isSuccess());
            channel.close().sync();
            talk.says("read 1000");
            talk.ends();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetThatOnlyWrites_isReadInFull(Kind kind) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(kind.with(NamedPipeDirection.INBOUND), adding(sink),
                "verb=write", "size=300000")) {
            talk.says("written");
            talk.says("drained");
            talk.ends();
        }
        assertEquals(Pattern.digest(1, 300_000), sink.ended());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetThatOnlyReads_readsAllThenTheEnd(Kind kind) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(kind.with(NamedPipeDirection.OUTBOUND), adding(sink), "verb=read")) {
            talk.says("connected");
            talk.hears("read");
            for (int from = 0; from < 300_000; from += 50_000) {
                sink.channel().writeAndFlush(Pattern.bytes(1, from, 50_000));
            }
            sink.channel().close().sync();
            talk.says("read 300000");
            talk.ends();
        }
    }

    @ParameterizedTest
    @EnumSource
    void dotnetCancellingARead_losesNothingThatComesLater(NamedPipeMode mode) throws Exception {
        Sink sink = Sink.awaiting(5000);
        try (Conversation talk = meet(new Kind(mode, Handles.ASYNCHRONOUS), adding(sink), "verb=cancelRead")) {
            talk.says("reading");
            talk.hears("cancel");
            talk.says("cancelled");
            sink.channel().writeAndFlush(Pattern.bytes(1, 0, 5000));
            sink.received();
            sink.channel().close().sync();
            talk.ends();
        }
        assertEquals(Pattern.digest(1, 5000), sink.ended());
    }

    /** Nothing was read of what is taken back, so that the next message stands alone. */
    @ParameterizedTest
    @EnumSource
    void dotnetCancellingAWrite_isReadWithWhatItWritesNext(NamedPipeMode mode) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(new Kind(mode, Handles.ASYNCHRONOUS), addingUnread(sink), "verb=cancelWrite",
                "size=" + HUGE)) {
            talk.says("writing");
            talk.hears("cancel");
            talk.says("cancelled");
            sink.channel().config().setAutoRead(true);
            talk.ends();
        }
        assertEquals(Pattern.digest(2, 1000), sink.ended());
    }

    @ParameterizedTest
    @EnumSource
    void ourDeregistering_inMidRead_losesNothingOfDotnet(NamedPipeMode mode) throws Exception {
        Sink sink = Sink.awaiting(5000);
        try (Conversation talk = meet(new Kind(mode, Handles.ASYNCHRONOUS), adding(sink), "verb=echo")) {
            Channel channel = sink.channel();
            EventLoop loop = channel.eventLoop();
            ChannelFuture written = channel.writeAndFlush(Pattern.bytes(1, 0, 5000));
            channel.deregister().sync();
            loop.register(channel).sync();
            assertTrue(written.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && written.isSuccess());
            sink.received();
            channel.close().sync();
            talk.ends();
        }
        assertEquals(Pattern.digest(1, 5000), sink.ended());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetWriting_whenWeClose_isTold(Kind kind) throws Exception {
        Sink sink = Sink.awaiting(MEBIBYTE);
        try (Conversation talk = meet(kind, adding(sink), "verb=flood", "size=50000")) {
            talk.says("connected");
            sink.received();
            sink.channel().close().sync();
            talk.says("closed");
            talk.ends();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetReading_whenWeAbortInMidWrite_readsTheEnd(Kind kind) throws Exception {
        Sink sink = Sink.reading();
        try (Conversation talk = meet(kind, adding(sink), "verb=read")) {
            talk.says("connected");
            Channel channel = sink.channel();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            List<ChannelFuture> writes = flood(channel);
            talk.hears("read");
            channel.close().sync();
            String said = talk.says();
            assertTrue(said.startsWith("read "), said);
            talk.ends();
            for (ChannelFuture write : writes) {
                assertTrue(write.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetKilledInMidMessage_isInactive_andNoMessageHasEnded(Kind kind) throws Exception {
        Sink sink = Sink.awaiting(1);
        try (DotnetProgram victim = DotnetProgram.start();
                Conversation talk = meet(victim, kind, addingUnread(sink), "verb=flood", "size=" + HUGE)) {
            talk.says("connected");
            sink.channel().read();
            sink.received();
            victim.kill();
            sink.channel().config().setAutoRead(true);
            String read = sink.ended();
            assertTrue(sink.size() < HUGE, read);
            assertEquals(Pattern.digest(1, sink.size()), read);
            if (kind.isMessage()) {
                assertEquals(List.of(), sink.messages());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dotnetKilledUnderOurWrites_isInactive_andTheyFail(Kind kind) throws Exception {
        Sink sink = Sink.reading();
        try (DotnetProgram victim = DotnetProgram.start();
                Conversation talk = meet(victim, kind, adding(sink), "verb=read")) {
            talk.says("connected");
            List<ChannelFuture> writes = flood(sink.channel());
            ChannelFuture last = writes.get(writes.size() - 1);
            assertFalse(last.isDone());
            victim.kill();
            assertEquals(Pattern.digest(1, 0), sink.ended());
            for (ChannelFuture write : writes) {
                assertTrue(write.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            assertInstanceOf(ClosedChannelException.class, last.cause());
        }
    }

    /** Writes far more than the pipe has room for. */
    private static List<ChannelFuture> flood(Channel channel) {
        List<ChannelFuture> writes = new ArrayList<>();
        for (int from = 0; from < HUGE; from += Pattern.CHUNK) {
            ByteBuf bytes = Pattern.bytes(1, from, Pattern.CHUNK);
            writes.add(channel.writeAndFlush(bytes));
        }
        return writes;
    }
}
