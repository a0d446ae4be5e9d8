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
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Tag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Tag("long")
@WindowsTest
class Http1Test {
    private static final int REQUESTS = 100;
    private static final long BIG = 100L << 20;

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void requests_oneAfterTheOther_answeredOnOneConnection(Wire.Kind kind) throws Exception {
        try (Wire wire = new Wire(kind).serve(Http1Server::aggregated)) {
            Channel channel = wire.connect(Http1Client::handlers);
            Http1Client client = Http1Client.of(channel);
            for (int i = 0; i < REQUESTS; i++) {
                client.get("/get/" + i);
                assertEquals("200 /get/" + i + ' ', client.answer());
                client.post("/post", "body " + i);
                assertEquals("200 /post body " + i, client.answer());
            }
            assertTrue(Tls.isExpected(channel, kind.tls));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void requests_pipelined_answeredInOrder(Wire.Kind kind) throws Exception {
        try (Wire wire = new Wire(kind).serve(Http1Server::aggregated)) {
            Channel channel = wire.connect(Http1Client::handlers);
            Http1Client client = Http1Client.of(channel);
            for (int i = 0; i < REQUESTS; i++) {
                channel.write(client.request(HttpMethod.POST, "/" + i, "x".repeat(i)));
            }
            channel.flush();
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals("200 /" + i + ' ' + "x".repeat(i), client.answer());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void request_withConnectionClose_answeredAndClosed(Wire.Kind kind) throws Exception {
        try (Wire wire = new Wire(kind).serve(Http1Server::aggregated)) {
            Channel channel = wire.connect(Http1Client::handlers);
            Http1Client client = Http1Client.of(channel);
            FullHttpRequest last = client.request(HttpMethod.POST, "/last", "y".repeat(100));
            HttpUtil.setKeepAlive(last, false);
            channel.writeAndFlush(last);
            assertEquals("200 /last " + "y".repeat(100), client.answer());
            assertEquals("closed", client.answer());
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void bodiesOf100MiB_upAndDownInChunks_arriveWhole(Wire.Kind kind) throws Exception {
        try (Wire wire = new Wire(kind).serve(Http1Server::streaming)) {
            String expected = Pattern.digest(1, BIG);
            Http1Client client = Http1Client.of(wire.connect(Http1Client::handlers));
            client.postStream(BIG);
            assertEquals("200 " + expected, client.answer());
            client.get("/" + BIG);
            assertEquals(expected, client.answer());
        }
    }
}
