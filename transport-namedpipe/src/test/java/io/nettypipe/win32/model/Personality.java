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
package io.nettypipe.win32.model;

/** The system that the model is, where systems are known to differ. */
public enum Personality {
    /** Windows 8.1 and later. Not tried by us: what its pages and public descriptions of its pipe driver say. */
    WINDOWS,
    /** Wine 8.0, as the contract tests find it. */
    WINE_8;

    /**
     * Whether a handle can leave its port ({@code FileReplaceCompletionInformation}). Wine answers
     * STATUS_NOT_IMPLEMENTED.
     */
    boolean canDissociate() {
        return this == WINDOWS;
    }

    /**
     * How a wait for a free instance ends when the name vanishes. Windows' driver ends it as not found, Wine with
     * STATUS_HANDLES_CLOSED, which is error 676.
     */
    int statusOfWaitForVanishedName() {
        return this == WINDOWS ? NtStatus.OBJECT_NAME_NOT_FOUND : NtStatus.HANDLES_CLOSED;
    }

    /**
     * Whether {@code FSCTL_PIPE_FLUSH} is the system's own. Wine has none; there {@code StandInWin32} has it done by
     * another thread, so that it never ends at once, and fails if the peer has left.
     */
    boolean flushesByItself() {
        return this == WINDOWS;
    }

    /** Whether a flush waits for what is written after it, too. In Wine it waits until nothing is left unread. */
    boolean flushWaitsForLaterWrites() {
        return this == WINE_8;
    }

    /**
     * Whether a handle needs the right to write attributes for its read mode to be set, as the page of
     * {@code SetNamedPipeHandleState} says. Wine lets it pass.
     */
    boolean checksRightToSetMode() {
        return this == WINDOWS;
    }

    /**
     * Whether a pipe's descriptor is looked at when an instance is created or opened. Wine keeps it, and lets everybody
     * in.
     */
    boolean checksAccess() {
        return this == WINDOWS;
    }

    /**
     * Whether a read of bytes that has room left takes an empty message behind them with it, so that its reader never
     * sees the message. Windows' driver goes on while there is room; it is why go-winio waits until everything was read
     * before it half-closes. Wine stops behind the last byte.
     */
    boolean bytesHideAnEmptyMessage() {
        return this == WINDOWS;
    }

    /**
     * Whether a read that takes a part of a message, or a control of a pipe, that is over when its call returns says so
     * itself whenever there is a port. Windows does not, and queues a packet instead.
     */
    boolean tellsAllAtOnce() {
        return this == WINE_8;
    }

    /** Whether a read of nothing leaves an empty message that is there. Wine takes it. */
    boolean leavesEmptyMessages() {
        return this == WINDOWS;
    }

    /**
     * Whether a client that does not say what its server may do in its name, or says that it follows its changes of
     * identity, is known only once something was read from it: ERROR_CANNOT_IMPERSONATE, "unable to impersonate
     * using a named pipe until data has been read from that pipe". Wine knows it from the first moment.
     */
    boolean impersonatesOnlyAfterRead() {
        return this == WINDOWS;
    }

    /** Whether the token of an anonymous client cannot be opened. Wine opens it and says who it is. */
    boolean hidesAnonymous() {
        return this == WINDOWS;
    }

    /** Whether a name is none that begins with that of a pipe and a backslash. Wine's names have no parts. */
    boolean hasNothingBehindAPipe() {
        return this == WINDOWS;
    }

    /** Whether a client is denied what it may not have also where it finds all instances busy. In Wine it is busy. */
    boolean deniesBeforeItIsBusy() {
        return this == WINDOWS;
    }

    /**
     * Whether whoever asks to be the first is told that he is not before anything else. In Wine that is not the system
     * but {@code StandInWin32}, which asks for the name.
     */
    boolean looksForTheFirstBeforeAll() {
        return this == WINE_8;
    }

    /** Whether the device of all pipes waits for a name only if it was opened with a backslash behind its own. */
    boolean waitsAtRootOnly() {
        return this == WINDOWS;
    }

    /**
     * How a client's end answers what only a server's may ask, and one that was disconnected. Windows' driver tells the
     * two apart, Wine answers both STATUS_NOT_SUPPORTED.
     */
    int refusalToClients(boolean disconnected) {
        return this == WINE_8 ? NtStatus.NOT_SUPPORTED
                : disconnected ? NtStatus.PIPE_DISCONNECTED : NtStatus.ILLEGAL_FUNCTION;
    }

    /** How the device of all pipes answers what only a pipe can be asked. */
    int refusalOfQuestionsToDevice() {
        return this == WINDOWS ? NtStatus.INVALID_PARAMETER : NtStatus.INVALID_DEVICE_REQUEST;
    }

    /** Whether it tells how much may be written without waiting. In Wine that is always 0. */
    boolean tellsWriteQuota() {
        return this == WINDOWS;
    }

    /** Whether nobody is told of the processes of an instance and a client that were disconnected from each other. */
    boolean forgetsWhoIsDisconnected() {
        return this == WINDOWS;
    }

    /** Whether a limit of no instances is refused, as the page says. Wine takes it. */
    boolean refusesLimitOfNone() {
        return this == WINDOWS;
    }

    /**
     * Whether {@code DisconnectNamedPipe} takes an instance that listens out of listening. Windows' driver ends the
     * listen as disconnected, Wine answers ERROR_PIPE_LISTENING.
     */
    boolean disconnectsListening() {
        return this == WINDOWS;
    }
}
