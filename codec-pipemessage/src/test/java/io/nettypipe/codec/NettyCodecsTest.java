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
package io.nettypipe.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.protobuf.ProtobufDecoder;
import io.netty.handler.codec.protobuf.ProtobufEncoder;
import io.netty.handler.codec.serialization.ClassResolvers;
import io.netty.handler.codec.serialization.ObjectDecoder;
import io.netty.handler.codec.serialization.ObjectEncoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Netty's own codecs work after {@link PipeMessageCodec} as they are, however the pipe cuts the messages. */
class NettyCodecsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void strings_sent_arriveWhole(int partLength) {
        assertRoundTrip(partLength, List.of("hello", "grüße \uD83D\uDE00", "x".repeat(100)),
                new StringEncoder(StandardCharsets.UTF_8), new StringDecoder(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void protobufMessages_sent_arriveWhole(int partLength) {
        Struct order = Struct.newBuilder()
                .putFields("item", Value.newBuilder().setStringValue("pipe").build())
                .putFields("sizes", Value.newBuilder().setListValue(ListValue.newBuilder()
                        .addValues(Value.newBuilder().setNumberValue(1.5))
                        .addValues(Value.newBuilder().setNumberValue(2))).build())
                .build();
        // The default instance is a message of no bytes.
        assertRoundTrip(partLength, List.of(order, Struct.getDefaultInstance(), order),
                new ProtobufEncoder(), new ProtobufDecoder(Struct.getDefaultInstance()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    @SuppressWarnings("deprecation")
    void serializedObjects_sent_arriveWhole(int partLength) {
        assertRoundTrip(partLength, List.of("text", 42, List.of("a", 1L)),
                new ObjectEncoder(), new ObjectDecoder(ClassResolvers.cacheDisabled(null)));
    }

    private static void assertRoundTrip(int partLength, List<?> objects,
                                        ChannelHandler encoder, ChannelHandler decoder) {
        PipeFixture pipe = new PipeFixture(new PipeMessageCodec(), decoder, encoder);
        for (Object object : objects) {
            pipe.channel.writeOutbound(object);
            PipeMessage sent = assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound());
            assertNull(pipe.channel.readOutbound());
            receiveInParts(pipe, ByteBufUtil.getBytes(sent.content()), partLength);
            // Netty's constant for no bytes is never released.
            assertTrue(sent.release() || sent.content() == Unpooled.EMPTY_BUFFER);
            assertEquals(object, pipe.channel.readInbound());
            pipe.assertNoFrame();
            pipe.assertAllReleased();
        }
        pipe.assertNothingLeft();
    }

    private static void receiveInParts(PipeFixture pipe, byte[] message, int partLength) {
        int start = 0;
        for (; message.length - start > partLength; start += partLength) {
            pipe.part(pipe.bytes(Arrays.copyOfRange(message, start, start + partLength)));
        }
        pipe.end(pipe.bytes(Arrays.copyOfRange(message, start, message.length)));
    }
}
