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

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.testing.LogLines;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What must not harm an event loop: strangers' packets, handles that throw, completions that come too late. */
@PipeTest
class RobustnessTest {
    private static final long SECONDS = 30;

    @Test
    void packetsOfAStranger_onTheLoopsPort_areIgnoredAndWarnedOfOnce() throws Exception {
        Win32 win32 = TestSystem.open();
        AtomicLong port = new AtomicLong();
        try (LogLines warnings = new LogLines(IocpIoHandler.class.getName(), Level.WARNING)) {
            MultiThreadIoEventLoopGroup group =
                    new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory(tellingThePort(win32, port)));
            IoRegistration registration = group.next().register(new Handle(() -> { })).get();
            CountDownLatch ran = new CountDownLatch(10);
            for (int i = 1; i <= 10; i++) {
                assertEquals(0, win32.postQueuedCompletionStatus(port.get(), i * 1000));
                group.next().execute(ran::countDown);
            }
            assertTrue(ran.await(SECONDS, TimeUnit.SECONDS));
            assertTrue(registration.isValid());
            // A loop that ends leaves such packets in its port.
            assertNotNull(warnings.lines().poll(SECONDS, TimeUnit.SECONDS));
            group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
            assertTrue(warnings.lines().isEmpty());
        }
        TestSystem.close(win32);
    }

    private static Win32 tellingThePort(Win32 win32, AtomicLong port) {
        return (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    Object answer = method.invoke(win32, args);
                    if (method.getName().equals("createCompletionPort")) {
                        port.set((Long) answer);
                    }
                    return answer;
                });
    }

    @Test
    void handleThatThrowsWhenClosed_atTheShutdown_theOthersAreClosedAndThePortToo() throws Exception {
        Win32 win32 = TestSystem.open();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory(win32));
        IoEventLoop loop = group.next();
        CountDownLatch closed = new CountDownLatch(2);
        loop.register(new Handle(closed::countDown)).get();
        loop.register(new Handle(() -> {
            throw new IllegalStateException("on purpose");
        })).get();
        loop.register(new Handle(closed::countDown)).get();
        group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
        assertEquals(0, closed.getCount());
        TestSystem.close(win32);
    }

    /** Or the first might be cancelled and the second arrive. */
    @Test
    void twoWrites_givenUpOrLeftToTheEndOfTheLoop_secondHasEndedBeforeTheFirstIsCancelled() throws Exception {
        for (boolean givenUp : new boolean[] {true, false}) {
            Win32 win32 = TestSystem.open();
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            Writes writes = new Writes(seen);
            MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
                    IocpIoHandler.newFactory(tellingOfCancels(win32, writes)));
            IocpIoRegistration registration = group.next().register(writes).get().attachment();
            try (NativeMemory name = NativeMemory.wideString(NamedPipeAddress.ephemeral().path());
                    NativeMemory bytes = new NativeMemory(64 * 1024, 8)) {
                long server = win32.createNamedPipe(name.address(),
                        PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1, 4096, 4096, 0);
                long client = win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE, 0);
                group.next().submit(() -> {
                    assertEquals(0, registration.associate(server));
                    assertTrue(registration.submit(writes.first.on(server, bytes.address(), 64 * 1024)) != 0);
                    assertTrue(registration.submit(writes.second.on(server, bytes.address(), 64 * 1024)) != 0);
                    if (givenUp) {
                        registration.cancelAll(true);
                    }
                }).get();
                group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
                assertEquals(List.of("second of 2", "first of 1"), seen);
                win32.closeHandle(client);
                win32.closeHandle(server);
            }
            TestSystem.close(win32);
        }
    }

    private static Win32 tellingOfCancels(Win32 win32, Writes writes) {
        return (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("cancelIoEx")) {
                        writes.cancelled((Long) args[1]);
                    }
                    return method.invoke(win32, args);
                });
    }

    @Test
    void completionPort_thatCannotBeCreated_groupSaysWhy() {
        Win32 win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> -1450L);
        Throwable failure = assertThrows(IllegalStateException.class,
                () -> new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory(win32)));
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        assertTrue(failure.getMessage().contains("completion port") && failure.getMessage().contains("(error 1450)"),
                failure.getMessage());
    }

    @Test
    void overlapped_ofAnEarlierUse_findsNothing() {
        OverlappedSlab slab = new OverlappedSlab();
        List<Long> earlier = new ArrayList<>();
        IocpIoOps ops = IocpIoOps.read(null);
        for (int i = 0; i < OverlappedSlab.GENERATIONS; i++) {
            slab.acquire(ops);
            long overlapped = ops.overlapped;
            assertSame(ops, slab.find(overlapped));
            earlier.forEach(stale -> assertNull(slab.find(stale)));
            assertEquals(1, slab.inUse());
            assertThrows(IllegalStateException.class, slab::close);
            slab.release(ops);
            assertNull(slab.find(overlapped));
            earlier.add(overlapped);
        }
        assertNull(slab.find(0));
        assertEquals(0, slab.inUse());
        slab.close();
    }

    private record Handle(Runnable whenClosed) implements IocpIoHandle {
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            throw new AssertionError("nothing was submitted");
        }

        @Override
        public void close() {
            whenClosed.run();
        }
    }

    /** Two writes, and of how many outstanding each was cancelled. */
    private static final class Writes implements IocpIoHandle {
        final IocpIoOps first = IocpIoOps.write(null);
        final IocpIoOps second = IocpIoOps.write(null);
        final List<String> seen;

        Writes(List<String> seen) {
            this.seen = seen;
        }

        void cancelled(long overlapped) {
            seen.add((overlapped == first.overlapped ? "first" : "second") + " of "
                    + (first.isOutstanding() && second.isOutstanding() ? 2 : 1));
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            assertEquals(Win32Error.ERROR_OPERATION_ABORTED, ((IocpIoOps) event).error());
        }

        @Override
        public void close() {
            // Leaves them to the loop.
        }
    }
}
