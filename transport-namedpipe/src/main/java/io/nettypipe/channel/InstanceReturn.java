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

import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.WinError;

/**
 * The way of a closed channel's instance back to its server. One that will serve again ({@link
 * NamedPipeChannelOption#REUSE_INSTANCES}) is disconnected from its client, which throws away what that one has not
 * read; so first this waits until it has read all or has left, or until {@code SO_LINGER} is over. Nobody waits for it
 * but the handle.
 */
final class InstanceReturn implements IocpIoCompletion {
    private final NamedPipeChannel channel;
    private final NamedPipeServerChannel server;
    private IocpIoOps flush;
    private boolean asked;
    private boolean taken;
    /** Nothing is lost by disconnecting the client. */
    private boolean spent;

    InstanceReturn(NamedPipeChannel channel, NamedPipeServerChannel server) {
        this.channel = channel;
        this.server = server;
    }

    /** Goes on, with nothing outstanding on the handle. Returns whether that is still waited for something. */
    boolean waits() {
        if (!asked) {
            asked = true;
            spent = spent || channel.config().getSoLinger() == 0 || channel.farewell().aborts()
                    || !channel.direction().writes();
            learnWhetherHandlesMove();
            giveBack(channel.handle(), true);
            if (!taken) {
                startFlush();
            }
        }
        return flush != null && flush.isOutstanding();
    }

    /** Where a handle cannot leave its port, its instance cannot serve again, and there is nothing to wait for. */
    private void learnWhetherHandlesMove() {
        if (channel.file().hasPort() && server.instances().asksWhetherHandlesMove()) {
            server.instances().handlesMove(channel.file().leave());
        }
    }

    private void startFlush() {
        channel.farewell().startTimeout();
        flush = IocpIoOps.control(PipeFlags.FSCTL_PIPE_FLUSH, this);
        if (channel.file().join() != WinError.ERROR_SUCCESS) {
            // Without a port nobody would be told of the end of the flush.
            return;
        }
        if (!channel.file().submit(flush, 0, 0)) {
            flushed();
        }
    }

    @Override
    public void completed(IocpIoOps ops) {
        flushed();
    }

    private void flushed() {
        spent = spent || flush.error() == WinError.ERROR_SUCCESS || PipeErrors.isPeerGone(flush.error());
    }

    /** The client has had time enough. */
    void giveUp() {
        spent = true;
        if (flush != null && flush.isOutstanding()) {
            channel.file().cancel(flush);
        }
    }

    /** Gives the handle back, if that was not done. */
    void finish(long handle) {
        if (!taken) {
            giveBack(handle, false);
        }
    }

    private void giveBack(long handle, boolean canWait) {
        taken = server.giveBack(handle, spent, canWait, channel.farewell().aborts(), channel.file().hasPort());
    }
}
