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

import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SecurityAttributes;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

/**
 * Creates the server's ends of one pipe, closes them, and makes them ready for another client. Besides them there is
 * one that serves nobody and keeps the name, so that all others may be closed at any time. Any thread; the accepted
 * channels give theirs back from their own event loops. The lock is held over the calls, none of which waits for
 * anybody, so that the name stays while one is made.
 */
final class PipeInstances {
    /** Whether handles can leave their port here: not before Windows 8.1. */
    private enum Moves { UNKNOWN, YES, NO }

    private final NamedPipeServerChannel server;
    private final Win32 win32;
    private final NamedPipeMode type;
    private final NamedPipeMode readMode;
    private final NamedPipeDirection direction;
    private final int pipeMode;
    private final int most;
    private final int outBufferSize;
    private final int inBufferSize;
    private final boolean shared;
    private final boolean reused;
    private final NativeMemory name;
    private final SecurityAttributes security;
    /** The instance that serves nobody; 0 if there is none, because somebody else has the name already. */
    private long holder;
    private int missing;
    private boolean stopped;
    private Moves moves = Moves.UNKNOWN;

    /**
     * Prepares to create instances.
     *
     * @param security is closed by {@link #stop()}
     */
    PipeInstances(NamedPipeServerChannel server, NamedPipeAddress address, SecurityAttributes security) {
        this.server = server;
        this.security = security;
        win32 = server.win32();
        name = NativeMemory.wideString(address.path());
        NamedPipeServerChannelConfig config = server.config();
        type = config.getOption(NamedPipeChannelOption.PIPE_TYPE);
        readMode = config.getOption(NamedPipeChannelOption.READ_MODE);
        direction = config.getOption(NamedPipeChannelOption.DIRECTION);
        pipeMode = (type == NamedPipeMode.MESSAGE ? PipeFlags.PIPE_TYPE_MESSAGE : 0) | readMode.flag()
                | (config.getOption(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS)
                ? PipeFlags.PIPE_REJECT_REMOTE_CLIENTS : 0);
        most = config.getOption(NamedPipeChannelOption.MAX_INSTANCES);
        outBufferSize = config.getOption(NamedPipeChannelOption.OUT_BUFFER_SIZE);
        inBufferSize = config.getOption(NamedPipeChannelOption.IN_BUFFER_SIZE);
        shared = !config.getOption(NamedPipeChannelOption.FIRST_INSTANCE);
        reused = config.getOption(NamedPipeChannelOption.REUSE_INSTANCES);
    }

    /** Takes the name. Returns the error; somebody else's name is one only if it is not to be shared. */
    synchronized int takeName() {
        long handle = win32.holdNamedPipe(name.address(), direction.openMode(), pipeMode, most, outBufferSize,
                inBufferSize, security.address());
        if (handle >= 0) {
            holder = handle;
            return Win32Error.ERROR_SUCCESS;
        }
        int error = (int) -handle;
        boolean taken = error == Win32Error.ERROR_ACCESS_DENIED || error == Win32Error.ERROR_PIPE_BUSY;
        return taken && shared ? Win32Error.ERROR_SUCCESS : error;
    }

    /**
     * What an instance carries, as the first one of the name said; as ours are to, where the system does not tell: it
     * may not be asked by those that only write.
     */
    NamedPipeMode typeOf(long instance) {
        try {
            return holder != 0 ? type : NamedPipeMode.ofPipe(win32, instance, null);
        } catch (NamedPipeException untold) {
            return type;
        }
    }

    /** Returns the handle of a new instance that waits for nobody yet, or the negated error. */
    synchronized long create() {
        // What the first instance of the name said of security and limit counts for all.
        return win32.createNamedPipe(name.address(), direction.openMode() | PipeFlags.FILE_FLAG_OVERLAPPED, pipeMode,
                most, outBufferSize, inBufferSize, holder == 0 ? security.address() : 0);
    }

    /** Says how many instances less than wanted there are because of the limit. */
    synchronized void missing(int count) {
        missing = count;
    }

    /**
     * Whether an instance given back now would serve again, if it turns out that handles can leave their port here, and
     * nobody knows yet whether they can.
     */
    synchronized boolean asksWhetherHandlesMove() {
        return moves == Moves.UNKNOWN && servesAgain();
    }

    /** Tells the answer of the system to a handle that left its port. */
    synchronized void handlesMove(int error) {
        if (error == Win32Error.ERROR_SUCCESS) {
            moves = Moves.YES;
        } else if (error == Win32Error.ERROR_INVALID_FUNCTION || error == Win32Error.ERROR_CALL_NOT_IMPLEMENTED
                || error == Win32Error.ERROR_INVALID_PARAMETER) {
            // The last is what Windows says of an information class that it does not know.
            moves = Moves.NO;
        }
    }

    private boolean servesAgain() {
        return !stopped && moves != Moves.NO && reused;
    }

    /**
     * Takes back an instance whose channel is closed. Either it is closed and, if one is missing, another is created at
     * once; or its client is disconnected ({@code DisconnectNamedPipe}), so that it can listen again. The server is
     * told of the instance that takes its place.
     *
     * @param handle  the instance; no operation is outstanding on it
     * @param spent   whether the client has read everything, has left, or had time enough
     * @param canWait whether the caller could give it back later, when nothing is lost by disconnecting the client
     * @param abort   whether the client is disconnected in any case, so that it does not take this for an orderly end
     * @param hasPort whether the handle belongs to a completion port
     * @return whether it was taken; if not, it is to be given back later
     */
    boolean giveBack(long handle, boolean spent, boolean canWait, boolean abort, boolean hasPort) {
        long next;
        synchronized (this) {
            if (!spent && canWait && servesAgain()) {
                return false;
            }
            // What the client has not read counts for more than a call saved.
            if (spent && servesAgain() && renew(handle, hasPort)) {
                next = handle;
            } else {
                if (abort) {
                    win32.disconnectNamedPipe(handle);
                }
                next = replace(handle);
            }
        }
        server.tasks().execute(() -> server.givenBack(next, next == handle), refused -> discard(next));
        return true;
    }

    /** Makes an instance as good as new, but that clients find it busy until it listens. */
    private boolean renew(long handle, boolean hasPort) {
        try (NativeMemory scratch = new NativeMemory(32, 8)) {
            if (hasPort && win32.dissociate(handle, scratch.address()) != Win32Error.ERROR_SUCCESS) {
                return false;
            }
            // Of a handle that only reads or only writes the mode cannot have been changed.
            if (direction == NamedPipeDirection.DUPLEX
                    && readMode.setOn(win32, handle) != Win32Error.ERROR_SUCCESS) {
                return false;
            }
            int error = win32.disconnectNamedPipe(handle);
            return error == Win32Error.ERROR_SUCCESS || error == Win32Error.ERROR_PIPE_NOT_CONNECTED;
        }
    }

    private long replace(long handle) {
        win32.closeHandle(handle);
        if (stopped || missing == 0) {
            return -1;
        }
        long replacement = create();
        if (replacement >= 0) {
            missing--;
        }
        return replacement;
    }

    /** Closes an instance that nobody takes, if it is one. */
    void discard(long handle) {
        if (handle >= 0) {
            win32.closeHandle(handle);
        }
    }

    /** Nothing is created and nothing serves again any more, and only instances that are left keep the name. */
    synchronized void stop() {
        if (!stopped) {
            stopped = true;
            name.close();
            security.close();
            if (holder != 0) {
                win32.closeHandle(holder);
            }
        }
    }
}
