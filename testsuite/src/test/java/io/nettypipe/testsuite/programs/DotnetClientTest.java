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
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeSecurity;
import io.nettypipe.channel.NamedPipeUser;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@code NamedPipeClientStream} against our server. */
@Tag("long")
@WindowsTest
final class DotnetClientTest extends DotnetPeer {
    private static final int MANY = 200;

    @Override
    Conversation meet(DotnetProgram program, Kind kind, Consumer<Channel> channel, String... words) throws Exception {
        ours.serverBootstrap()
                .option(NamedPipeChannelOption.PIPE_TYPE, kind.mode())
                .option(NamedPipeChannelOption.DIRECTION, kind.direction())
                .childHandler(OurSide.initializer(channel)).bind(ours.address).sync();
        return program.does(line("client", kind, words));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoHundredDotnetClients_atOnce_areEachEchoed(Kind kind) throws Exception {
        echoClients(kind, 255);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoHundredDotnetClients_againstFourInstances_areServedInTurn(Kind kind) throws Exception {
        echoClients(kind, 4);
    }

    private void echoClients(Kind kind, int instances) throws Exception {
        List<Sink> sinks = Collections.synchronizedList(new ArrayList<>());
        ours.serverBootstrap()
                .option(NamedPipeChannelOption.PIPE_TYPE, kind.mode())
                .option(NamedPipeChannelOption.MAX_INSTANCES, instances)
                .childHandler(OurSide.initializer(channel -> {
                    Sink sink = Sink.echoing();
                    sinks.add(sink);
                    echoing(kind, sink).accept(channel);
                })).bind(ours.address).sync();
        try (Conversation talk = dotnet.does(line("client", kind, "verb=exchange", "sizes=1,5000,300",
                "count=" + MANY))) {
            talk.ends();
        }
        assertEquals(MANY, sinks.size());
        for (Sink sink : sinks) {
            sink.ended();
            assertEquals(5301, sink.size());
        }
    }

    /** What .NET calls the current user is the owner of its token: the administrators, say, if it is elevated. */
    @Test
    void dotnetClient_ofTheCurrentUserOnly_connectsToAPipeOfItsTokensOwner() throws Exception {
        ours.serve(ours.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                NamedPipeSecurity.currentUser().withDefaultOwner()), Sink::echoing);
        try (Conversation talk = currentUserOnly()) {
            talk.ends();
        }
    }

    @Test
    void dotnetClient_ofTheCurrentUserOnly_refusesAPipeOfAnotherOwner() throws Exception {
        Self self = self();
        assumeFalse(self.owner().equals(self.user()), "here .NET's token is owned by its user, as is our pipe");
        ours.serve(Sink::echoing);
        try (Conversation talk = currentUserOnly()) {
            String said = talk.says();
            assertTrue(said.contains("not owned by the current user"), said);
            talk.ends();
        }
    }

    private Conversation currentUserOnly() throws IOException {
        return dotnet.does(line("client", ANY, "verb=exchange", "sizes=10", "options=CurrentUserOnly"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "Identification", "Impersonation"})
    void dotnetClient_ofAnyLevel_isKnownByItsUser(String level) throws Exception {
        Sink sink = Sink.awaiting(1);
        try (Conversation talk = meet(ANY, adding(sink), "verb=beAsked", "level=" + level)) {
            sink.received();
            Future<NamedPipeUser> user = ((NamedPipeChannel) sink.channel()).peerUser();
            assertEquals(self().user(), user.get(PATIENCE_SECONDS, TimeUnit.SECONDS).sid());
            talk.hears("leave");
            talk.ends();
        }
        sink.ended();
    }
}
