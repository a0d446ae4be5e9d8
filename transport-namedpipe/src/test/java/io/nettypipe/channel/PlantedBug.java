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

import io.nettypipe.testing.PatchedClasses.Patch;

import java.util.List;

/**
 * Mistakes that transports make, each as a change to the text of this one. What the mutators of PIT make of it (a call
 * that is left out, a condition turned round, another return value) is not here: CONTRIBUTING.md has its command.
 */
enum PlantedBug {
    FREE_ON_CANCEL("the buffer of a read is released when its cancel is asked for",
            new Patch("channel.PipeRead", "    void close() {", "    void cancelled() { discard(); } void close() {"),
            new Patch("channel.ReadLoop", "endWatch.cancel();\n    }\n\n    /** A read",
                    "endWatch.cancel();\n        read.cancelled();\n    }\n\n    /** A read")),
    DOUBLE_RELEASE("a written message is released once more than it was retained",
            new Patch("channel.WriteLoop", "data = owner.retain();", "data = owner;")),
    NOT_RETAINED("the buffer of a write goes with the outbound buffer at the close",
            new Patch("channel.WriteLoop", "data = owner.retain();", "data = channel.alloc().directBuffer(1);")),
    LOST_WAKEUP("a loop blocks without another look at its tasks",
            new Patch("iocp.IocpIoHandler",
                    "context.canBlock() && !listens.hasEnded() ? timeoutMillis(context) : 0",
                    "timeoutMillis(context)")),
    WAKEUP_AFTER_END("a loop ends without waiting for a wakeup under way",
            new Patch("iocp.IocpIoHandler", "wakeupsUnderWay++;", "wakeupsUnderWay += 0;"),
            new Patch("iocp.IocpIoHandler", "wakeupsUnderWay--;", "wakeupsUnderWay -= 0;")),
    STALE_COMPLETION("a cancelled operation counts as ended, and its completion as that of who has its OVERLAPPED next",
            new Patch("iocp.IocpIoHandler", "win32.cancelIoEx(ops.handle, ops.overlapped);",
                    "win32.cancelIoEx(ops.handle, ops.overlapped);"
                            + "ops.cancelRequested = false; cancelsUnderWay--;"
                            + "ops.ended(Win32Error.ERROR_OPERATION_ABORTED, 0); slab.release(ops);"
                            + "ops.registration.ended(ops);"),
            new Patch("iocp.OverlappedSlab", "(chunk.generations[record] + 1) % GENERATIONS", "0"),
            new Patch("iocp.OverlappedSlab", "ops != null && ops.overlapped == overlapped ? ops : null", "ops")),
    HELD_READ_FORGOTTEN("what came while autoRead was off is not delivered by the next read()",
            new Patch("channel.ReadLoop", "        if (!resultHeld) {\n            try {",
                    "        if (resultHeld) {\n            return;\n        }\n"
                            + "        if (!resultHeld) {\n            try {")),
    READ_TAKEN_BACK("setAutoRead(false) takes back the next read(), too",
            new Patch("channel.ReadRequest", "(this, asked, Math::max)", "(this, asked + 1, Math::max)")),
    PROMISE_DROPPED("the promise of a second close is forgotten",
            new Patch("channel.AbstractNamedPipeChannel",
                    "closeRequest.promise.addListener(new PromiseNotifier<>(false, promise.unvoid()));", "")),
    HANDLE_TWICE("the handle is closed twice",
            new Patch("channel.PipeClosing", "        win32.closeHandle(handle);",
                    "        win32.closeHandle(handle); win32.closeHandle(handle);")),
    LEFT_TOO_EARLY("a channel leaves its event loop with operations outstanding",
            new Patch("channel.AbstractNamedPipeChannel",
                    "if (stay == Stay.ENDING_ALL && file.isIdle()) {", "if (stay == Stay.ENDING_ALL) {")),
    END_TOO_EARLY("a failed write closes before what the peer left is read",
            new Patch("channel.WriteLoop", "channel.watchForEnd();",
                    "channel.unsafe().close(channel.unsafe().voidPromise());")),
    EMPTY_IS_END("an empty message counts as the end of the stream",
            new Patch("channel.ReadLoop",
                    "return read.error() != Win32Error.ERROR_SUCCESS && !read.isMoreData();",
                    "return read.error() != Win32Error.ERROR_SUCCESS && !read.isMoreData()"
                            + "|| read.bytesTransferred() == 0;")),
    MESSAGES_JOINED("small messages of one flush go out as one",
            new Patch("channel.WriteLoop", "if (channel.keepsBoundaries()) {\n            int length",
                    "if (channel.keepsBoundaries() && out.size() == 1) {\n            int length")),
    FLUSH_INSIDE_A_WRITE("a listener that flushes starts a write inside the one that told it",
            new Patch("channel.WriteLoop",
                    "            written(out, write.bytesTransferred());\n            finishing = false;",
                    "            finishing = false;\n            written(out, write.bytesTransferred());")),
    SECOND_FORGOTTEN("what the second of two outstanding writes has is written once more at the close",
            new Patch("channel.WriteLoop", "0 : startedBytes() + written}",
                    "0 : first.started ? first.length : written}"),
            new Patch("channel.WriteLoop", "? started() + (headWritten ? 1 : 0) : 0}",
                    "? (first.started || headWritten ? 1 : 0) : 0}")),
    SECOND_OUT_OF_TURN("a write that ends is taken for the first of two",
            new Patch("channel.WriteLoop", "while (first.started && !first.write.isOutstanding()) {",
                    "if (piece == second) {\n            second = first;\n            first = piece;\n        }\n"
                            + "        while (first.started && !first.write.isOutstanding()) {")),
    MESSAGE_MISSING("a message overtakes the one before it, which is given up",
            new Patch("channel.PipeClosing", "if (file.outstandingWrites() > 0) {", "if (write.isOutstanding()) {"));

    final String description;
    final List<Patch> patches;

    PlantedBug(String description, Patch... patches) {
        this.description = description;
        this.patches = List.of(patches);
    }
}
