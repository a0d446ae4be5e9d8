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
package io.nettypipe.testsuite.dropin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Tag;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Tag("long")
@WindowsTest
class Http2Test {
    private static final int STREAMS = 100;
    /** More than HTTP/2 lets a peer send before it is told to go on. */
    private static final int BODY = 70_000;
    private static final int SECONDS = 50;

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void hundredStreams_openAtOnce_eachEchoed(Wire.Kind kind) throws Exception {
        try (Wire wire = new Wire(kind).serve(new Http2Server(STREAMS)::handlers)) {
            Channel connection = wire.connect(Http2Client::handlers);
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                answers.add(Http2Client.post(connection, BODY + i));
            }
            for (int i = 0; i < STREAMS; i++) {
                assertEquals("200 " + Pattern.digest(1, BODY + i), answers.get(i).get(SECONDS, TimeUnit.SECONDS));
            }
            assertTrue(Tls.isExpected(connection, kind.tls));
            if (kind.tls) {
                assertEquals(ApplicationProtocolNames.HTTP_2,
                        connection.pipeline().get(SslHandler.class).applicationProtocol());
            }
        }
    }
}
