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

import java.util.Objects;

/**
 * Written, it aborts the stream that is being sent: {@link PipeStreamEncoder} closes the connection, now and not at
 * the next flush, and the other end gets what had been flushed and then a {@link PipeStreamAbortedException}. The
 * promise of this write succeeds when the channel is closed; later writes fail with
 * {@code ClosedChannelException}.
 * <p>
 * Both directions end with it, because the connection does: on the pipe, nothing but its absence tells an abort from
 * the end. So {@code Channel.close()} in the middle of a stream is the same, and what to call for a stream that a
 * {@code ChunkedWriteHandler} sends, where this would wait behind it. Between two streams there is nothing to abort:
 * the connection just ends.
 *
 * @param cause why, for this end's own log and the writes that fail; it is not sent
 */
public record PipeStreamAbort(Throwable cause) {
    /**
     * Creates an abort.
     *
     * @param cause why
     */
    public PipeStreamAbort {
        Objects.requireNonNull(cause, "cause");
    }
}
