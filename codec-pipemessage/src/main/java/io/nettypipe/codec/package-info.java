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
/**
 * Handlers between the messages of a named pipe and what a program works with. They depend on
 * {@link io.nettypipe.channel.PipeMessage} and nothing lower, so pipelines built of them are tested with
 * {@code EmbeddedChannel} on any operating system.
 *
 * <h2>Whole messages</h2>
 * A channel in message-read mode delivers {@code PipeMessage}s, several for one message if it is longer than the read
 * buffer. {@link io.nettypipe.codec.PipeMessageCodec} turns them into one {@code ByteBuf} a message, and each
 * {@code ByteBuf} written into one message. Any Netty codec works after it. It takes the place of a length prefix
 * or a delimiter, because the pipe itself keeps the boundaries:
 * <pre>
 * pipeline.addLast(new PipeMessageCodec(1024 * 1024));                     // at most 1 MiB a message
 * pipeline.addLast(new ProtobufDecoder(Order.getDefaultInstance()));       // netty-codec-protobuf
 * pipeline.addLast(new ProtobufEncoder());
 * pipeline.addLast(new OrderHandler());                                    // sees Order, writes Order
 * </pre>
 * {@link io.nettypipe.codec.PipeMessageDecoder} and {@link io.nettypipe.codec.PipeMessageEncoder} are its halves, for a
 * pipeline that needs only one. (The channel itself also sends a {@code ByteBuf} as one message. The encoder is for
 * handlers that look at {@code PipeMessage}, and for frames that may be empty: an empty {@code ByteBuf} is nothing to
 * the channel, and an empty message to the encoder.)
 * <pre>
 * pipeline.addLast(new PipeMessageDecoder(64 * 1024, false), new PipeMessageEncoder());
 * </pre>
 *
 * <h2>Strings</h2>
 * {@link io.nettypipe.codec.PipeStringDecoder} and {@link io.nettypipe.codec.PipeStringEncoder} speak with C and C++
 * programs. Windows' own examples send {@code TCHAR} strings with their NUL, which is UTF-16LE:
 * <pre>
 * pipeline.addLast(new PipeMessageCodec());
 * pipeline.addLast(PipeStringDecoder.utf16le());   // NUL at the end taken off if there is one
 * pipeline.addLast(PipeStringEncoder.utf16le());   // NUL at the end added
 * pipeline.addLast(new SimpleChannelInboundHandler&lt;String&gt;() {
 *     &#64;Override
 *     protected void channelRead0(ChannelHandlerContext ctx, String request) {
 *         ctx.writeAndFlush("You said: " + request);
 *     }
 * });
 * </pre>
 * <table>
 *   <caption>Defaults</caption>
 *   <tr><th></th><th>on the wire</th><th>decoding</th><th>encoding</th></tr>
 *   <tr><td>{@code utf16le()}</td><td>{@code wchar_t}, {@code TCHAR}</td><td>one NUL at the end is optional</td>
 *       <td>NUL added</td></tr>
 *   <tr><td>{@code utf8()}</td><td>{@code char}</td><td>one NUL at the end is optional</td>
 *       <td>no NUL; {@code utf8(true)} adds it for a C program that needs it</td></tr>
 * </table>
 *
 * Whether a string ends with a NUL is {@link io.nettypipe.codec.NulTerminator}'s to say:
 * <pre>
 * pipeline.addLast(PipeStringDecoder.utf8(NulTerminator.REQUIRED));        // a string without one is corrupt
 * </pre>
 *
 * <h2>Streams</h2>
 * {@link io.nettypipe.codec.PipeStreamCodec} takes the place of {@code PipeMessageCodec} where requests and replies are
 * too long to hold, as the pipes of asynchronous RPC are used. A stream is any number of
 * {@link io.nettypipe.codec.PipeStreamContent} and then a {@link io.nettypipe.codec.LastPipeStreamContent}; streams
 * follow one another in either direction, and both directions go at once:
 * <pre>
 * pipeline.addLast(new PipeStreamCodec());
 * pipeline.addLast(new ChunkedWriteHandler());                             // netty-handler
 * pipeline.addLast(new SimpleChannelInboundHandler&lt;PipeStreamContent&gt;() {
 *     &#64;Override
 *     protected void channelRead0(ChannelHandlerContext ctx, PipeStreamContent chunk) throws Exception {
 *         use(chunk.content());
 *         if (chunk instanceof LastPipeStreamContent) {                    // the end, which EMPTY_LAST is
 *             ctx.writeAndFlush(new PipeStreamChunkedInput(new ChunkedNioFile(reply)));
 *         }
 *         ctx.read();                                                      // with autoRead off: pulls the next chunk
 *     }
 * });
 * </pre>
 * The receiver pulls: with {@code autoRead} off, each {@code read()} yields one chunk or the end. The sender is paced:
 * {@code ChunkedWriteHandler} stops while the channel is not writable, and without it the promise of a chunk tells when
 * to send the next. Neither end holds more than a few chunks, however long the stream.
 * <table>
 *   <caption>On the pipe</caption>
 *   <tr><th>message</th><th>what it is</th></tr>
 *   <tr><td>some bytes</td><td>a chunk; chunk boundaries mean nothing</td></tr>
 *   <tr><td>no bytes</td><td>the end of the stream</td></tr>
 *   <tr><td>none any more, in the middle of a stream</td><td>an abort: {@code PipeStreamAbortedException}</td></tr>
 * </table>
 * Any program that reads and writes messages can be the other end. A stream that was aborted before its first byte was
 * read leaves nothing but {@code channelInactive} (and {@code NamedPipeDisconnectedEvent}, if the server threw bytes
 * away), which who waits for a reply must take for a failure.
 * <p>
 * {@link io.nettypipe.codec.PipeStreamDecoder} and {@link io.nettypipe.codec.PipeStreamEncoder} are the codec's
 * halves. Who cannot go on with a stream that he has begun writes a {@link io.nettypipe.codec.PipeStreamAbort}, and
 * the other end sees a {@link io.nettypipe.codec.PipeStreamAbortedException}:
 * <pre>
 * pipeline.addLast(new PipeStreamDecoder(), new PipeStreamEncoder());
 * pipeline.addLast(new ChannelInboundHandlerAdapter() {
 *     &#64;Override
 *     public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
 *         if (cause instanceof PipeStreamAbortedException) {
 *             forgetTheRequest();
 *         }
 *     }
 * });
 * ctx.writeAndFlush(new PipeStreamAbort(new IOException("the disk is full")));
 * </pre>
 * An empty message is also how a message-type pipe is half-closed. While the decoder is in the pipeline it is the end
 * of a stream, even if {@code ALLOW_HALF_CLOSURE} is on, because the decoder sets {@code EMPTY_MESSAGE_AS_DATA} on its
 * channel. The other way round, {@code shutdownOutput()} ends a stream for the other end: do not call it inside one.
 *
 * <h2>What can go wrong</h2>
 * Each message that cannot be delivered gives one exception to {@code exceptionCaught}, and the next message is decoded
 * as if nothing had happened; a handler that wants to give up closes the channel there.
 * <table>
 *   <caption>Exceptions</caption>
 *   <tr><th>cause</th><th>exception</th></tr>
 *   <tr><td>message longer than {@code maxFrameLength} (16 MiB unless told otherwise)</td>
 *       <td>{@code TooLongFrameException}, at once or (with {@code failFast == false}) at the message's end</td></tr>
 *   <tr><td>connection ends inside a message</td><td>{@code CorruptedFrameException}</td></tr>
 *   <tr><td>connection ends inside a stream</td><td>{@code PipeStreamAbortedException}</td></tr>
 *   <tr><td>chunk of a stream longer than its limit</td><td>{@code TooLongFrameException}; the rest of the stream is
 *       dropped</td></tr>
 *   <tr><td>chunk of a stream could not be written</td><td>the write fails, and the connection is closed</td></tr>
 *   <tr><td>odd number of bytes, unpaired surrogate, not UTF-8, NUL required and missing</td>
 *       <td>{@code CorruptedFrameException} that says which and where</td></tr>
 *   <tr><td>string to write has an unpaired surrogate</td>
 *       <td>the write fails with {@code EncoderException}; nothing is sent</td></tr>
 * </table>
 *
 * <h2>Back-pressure, memory, threads</h2>
 * With {@code autoRead} off, one {@code read()} yields one message: decoders read on by themselves after input that
 * yields none. Nothing is copied between the pipe and a frame. Whoever receives a frame releases it. Decoders belong to
 * one connection; encoders may be shared. Everything runs on the channel's executor.
 */
package io.nettypipe.codec;
