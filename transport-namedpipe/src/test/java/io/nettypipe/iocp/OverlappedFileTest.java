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
package io.nettypipe.iocp;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An {@link OverlappedFile} by itself: with a plain file, and with a pipe that is closed under a read. */
@WindowsTest
class OverlappedFileTest {
    private static final long SECONDS = 30;

    private final Win32 win32 = SystemWin32.get();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
    private final IoEventLoop loop = group.next();

    @AfterEach
    void shutDown() throws Exception {
        group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
    }

    @Test
    void plainFile_writtenAndRead_throughThePort(@TempDir Path directory) throws Exception {
        Path path = Files.createFile(directory.resolve("plain"));
        OverlappedFile file = new OverlappedFile();
        file.register(loop).sync();
        try (NativeMemory text = NativeMemory.wideString("What is not a pipe"); NativeMemory read =
                new NativeMemory(text.view().capacity(), 8)) {
            int length = text.view().capacity();
            long handle = open(path.toString());
            assertEquals(Win32Error.ERROR_SUCCESS, onLoop(() -> file.open(handle)));
            assertEquals(length, moved(file, IocpIoOps::write, text));
            assertEquals(length, moved(file, IocpIoOps::read, read));
            assertEquals(text.view(), read.view());
            close(file);
        }
        // Nobody shared it, so that it could not be deleted as long as it is open.
        Files.delete(path);
    }

    @Test
    void close_underARead_waitsForItsEndAndClosesTheHandle() throws Exception {
        OverlappedFile file = new OverlappedFile();
        file.register(loop).sync();
        try (NativeMemory name = NativeMemory.wideString("\\\\.\\pipe\\file-" + UUID.randomUUID());
                NativeMemory buffer = new NativeMemory(8, 8)) {
            long server = win32.createNamedPipe(name.address(),
                    PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1, 4096, 4096, 0);
            long client = win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE, 0);
            CompletableFuture<Integer> error = new CompletableFuture<>();
            IocpIoOps read = IocpIoOps.read(ops -> error.complete(ops.error()));
            assertTrue(onLoop(() -> file.open(server) == Win32Error.ERROR_SUCCESS
                    && file.submit(read, buffer.address(), 8)));
            close(file);
            assertEquals(Win32Error.ERROR_OPERATION_ABORTED, error.get(SECONDS, TimeUnit.SECONDS));
            // There is one instance, whose name is free again.
            long again = win32.createNamedPipe(name.address(), PipeFlags.PIPE_ACCESS_DUPLEX, 0, 1, 4096, 4096, 0);
            assertTrue(again > 0, () -> "error " + -again);
            win32.closeHandle(again);
            win32.closeHandle(client);
        }
    }

    private long open(String path) {
        try (NativeMemory name = NativeMemory.wideString(path)) {
            long handle = win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE,
                    PipeFlags.FILE_FLAG_OVERLAPPED);
            assertTrue(handle > 0, () -> "error " + -handle);
            return handle;
        }
    }

    private <V> V onLoop(Callable<V> task) throws Exception {
        return loop.submit(task).get(SECONDS, TimeUnit.SECONDS);
    }

    private interface Kind {
        IocpIoOps of(IocpIoCompletion completion);
    }

    /** How many bytes it moved, whether it ended at once or later. */
    private int moved(OverlappedFile file, Kind kind, NativeMemory memory) throws Exception {
        CompletableFuture<IocpIoOps> ended = new CompletableFuture<>();
        IocpIoOps ops = kind.of(ended::complete);
        if (!onLoop(() -> file.submit(ops, memory.address(), memory.view().capacity()))) {
            ended.complete(ops);
        }
        assertEquals(Win32Error.ERROR_SUCCESS, ended.get(SECONDS, TimeUnit.SECONDS).error());
        return ops.bytesTransferred();
    }

    private void close(OverlappedFile file) throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.execute(() -> {
            file.close();
            pollClosed(file, closed);
        });
        closed.get(SECONDS, TimeUnit.SECONDS);
    }

    private void pollClosed(OverlappedFile file, CompletableFuture<Void> closed) {
        if (file.handle() == 0) {
            closed.complete(null);
        } else {
            loop.execute(() -> pollClosed(file, closed));
        }
    }
}
