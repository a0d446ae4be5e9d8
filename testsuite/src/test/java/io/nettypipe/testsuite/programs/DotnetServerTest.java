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
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.nettypipe.channel.ImpersonationLevel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeOwner;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Our client against {@code NamedPipeServerStream}. */
@Tag("long")
@WindowsTest
final class DotnetServerTest extends DotnetPeer {
    private static final int MANY = 200;
    private static final int TURNS = 20;
    private static final int SIZE = 5000;

    @Override
    Conversation meet(DotnetProgram program, Kind kind, Consumer<Channel> channel, String... words) throws Exception {
        Conversation talk = serve(program, kind, words);
        ours.connect(client(kind), OurSide.initializer(channel));
        return talk;
    }

    private Conversation serve(DotnetProgram program, Kind kind, String... words) throws Exception {
        Conversation talk = program.does(line("server", kind, words));
        talk.says("listening");
        return talk;
    }

    private Bootstrap client(Kind kind) {
        return ours.clientBootstrap()
                .option(NamedPipeChannelOption.READ_MODE, kind.mode())
                .option(NamedPipeChannelOption.DIRECTION, kind.direction());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoHundredOfOurClients_atOnce_areEachEchoed(Kind kind) throws Exception {
        try (Conversation talk = serve(dotnet, kind, "verb=echo", "count=" + MANY)) {
            List<Sink> sinks = new ArrayList<>();
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                sinks.add(Sink.awaiting(SIZE));
                connects.add(client(kind).handler(sinks.get(i)).connect(ours.address));
            }
            for (int i = 0; i < MANY; i++) {
                connects.get(i).sync().channel().writeAndFlush(Pattern.bytes(i, 0, SIZE));
            }
            for (int i = 0; i < MANY; i++) {
                sinks.get(i).received();
                sinks.get(i).channel().close();
                assertEquals(Pattern.digest(i, SIZE), sinks.get(i).ended());
            }
            talk.ends();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void oneStream_disconnectingEachClient_servesTheNext(Kind kind) throws Exception {
        try (Conversation talk = serve(dotnet, kind, "verb=exchange", "sizes=1,5000,300", "reuse=" + TURNS)) {
            for (int i = 0; i < TURNS; i++) {
                Sink sink = Sink.echoing();
                ours.connect(client(kind), OurSide.initializer(echoing(kind, sink)));
                sink.ended();
                assertEquals(5301, sink.size());
            }
            talk.ends();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void oneStream_leftByEachClient_servesTheNext(Kind kind) throws Exception {
        try (Conversation talk = serve(dotnet, kind, "verb=echo", "reuse=" + TURNS)) {
            for (int i = 0; i < TURNS; i++) {
                Sink sink = Sink.awaiting(SIZE);
                Channel channel = ours.connect(client(kind), sink);
                channel.writeAndFlush(Pattern.bytes(i, 0, SIZE));
                sink.received();
                channel.close().sync();
                assertEquals(Pattern.digest(i, SIZE), sink.ended());
            }
            talk.ends();
        }
    }

    /** What .NET calls the current user is the owner of its token. */
    @Test
    void dotnetServer_ofTheCurrentUserOnly_isOwnedByItsTokensOwner() throws Exception {
        Sink sink = Sink.echoing();
        try (Conversation talk = serve(dotnet, ANY, "verb=exchange", "sizes=10", "options=CurrentUserOnly")) {
            ours.connect(client(ANY).option(NamedPipeChannelOption.SERVER_OWNER,
                        NamedPipeOwner.sid(self().owner())), sink);
            talk.ends();
        }
        sink.ended();
    }

    /** .NET's own client shows what this system can tell of a level. */
    @ParameterizedTest
    @EnumSource(value = ImpersonationLevel.class, names = {"IDENTIFICATION", "IMPERSONATION"})
    void dotnetServer_runningAsOurClient_isOurUserToTheLevelAllowed(ImpersonationLevel level) throws Exception {
        String word = level.name().charAt(0) + level.name().substring(1).toLowerCase(Locale.ROOT);
        String expected;
        try (Conversation talk = serve(dotnet, ANY, "verb=identify");
                Conversation client = dotnet.does(line("client", ANY, "verb=beAsked", "level=" + word))) {
            expected = heard(talk);
            client.hears("leave");
            client.ends();
        }
        try (Conversation talk = serve(dotnet, ANY, "verb=identify")) {
            ours.connect(client(ANY).option(NamedPipeChannelOption.IMPERSONATION_LEVEL, level), Sink.reading())
                    .writeAndFlush(Pattern.bytes(0, 0, 1));
            assertEquals(expected, heard(talk));
        }
        assertTrue(expected.contains(' ' + self().user() + ' '), expected);
        assumeTrue(expected.endsWith(' ' + word), "this system tells .NET another level than the client asked for, "
                + "of .NET's own client too, as Wine does: " + expected);
    }

    private static String heard(Conversation talk) throws IOException {
        String said = talk.says() + ' ' + talk.says() + ' ' + talk.says();
        talk.ends();
        return said;
    }
}
