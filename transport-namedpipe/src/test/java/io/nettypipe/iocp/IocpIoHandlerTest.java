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

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.testing.LogLines;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class IocpIoHandlerTest {
    private static final long SECONDS = 30;

    private final Win32 win32 = TestSystem.open();
    private final IocpIoHandlerFactory factory = IocpIoHandler.newFactory(win32);
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
    private final IoEventLoop loop = (IoEventLoop) group.next();
    private final List<NativeMemory> memory = new ArrayList<>();

    @AfterEach
    void shutDown() throws Exception {
        group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
        TestSystem.close(win32);
        memory.forEach(NativeMemory::close);
    }

    @Test
    void timers_ofManyDelays_neverEarly() throws Exception {
        BlockingQueue<Long> early = new LinkedBlockingQueue<>();
        CountDownLatch done = new CountDownLatch(40);
        for (int i = 0; i < 40; i++) {
            long nanos = i * 700_123L;
            long start = System.nanoTime();
            loop.schedule(() -> {
                early.add(System.nanoTime() - start - nanos);
                done.countDown();
            }, nanos, TimeUnit.NANOSECONDS);
        }
        assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
        assertTrue(early.stream().allMatch(nanos -> nanos >= 0), early::toString);
    }

    @Test
    void tasks_fromManyThreads_noneLost() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    // Each is waited for, so that the loop blocks in between and must be woken again.
                    loop.submit(ran::incrementAndGet).syncUninterruptibly();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2000, ran.get());
    }

    @Test
    void isCompatible_handleTypes_onlyItsOwn() {
        assertTrue(loop.isCompatible(IocpIoHandle.class));
        assertTrue(loop.isCompatible(Recorder.class));
        assertFalse(loop.isCompatible(IoHandle.class));
        assertTrue(loop.isIoType(IocpIoHandler.class));
        assertTrue(factory.isChangingThreadSupported());
    }

    @Test
    void register_handleOfAnotherKind_refused() {
        IoHandle stranger = new IoHandle() {
            @Override
            public void handle(IoRegistration registration, IoEvent event) {
                throw new AssertionError();
            }

            @Override
            public void close() {
                throw new AssertionError();
            }
        };
        assertInstanceOf(IllegalArgumentException.class,
                assertThrows(ExecutionException.class, () -> loop.register(stranger).get()).getCause());
    }

    @Test
    void handleThatThrows_onACompletion_theOtherOneAndTheLoopGoOn() throws Exception {
        Pipe bad = new Pipe(new Recorder(true));
        Pipe good = new Pipe(new Recorder(false));
        bad.read();
        good.read();
        bad.clientWrites("1");
        good.clientWrites("22");
        assertEquals("0:1", bad.recorder.next());
        assertEquals("0:2", good.recorder.next());
        good.read();
        good.clientWrites("333");
        assertEquals("0:3", good.recorder.next());
        bad.close();
        good.close();
    }

    @Test
    void cancel_operationOutstanding_itsEventArrivesAndUnregisteredComesAfterIt() throws Exception {
        Pipe pipe = new Pipe(new Recorder(false));
        pipe.read();
        assertTrue(pipe.registration.cancel());
        assertFalse(pipe.registration.cancel());
        assertFalse(pipe.registration.isValid());
        loop.submit(() -> { }).sync();
        assertTrue(pipe.recorder.events.isEmpty(), pipe.recorder.events::toString);
        loop.submit(() -> pipe.iocp.cancel(pipe.read)).sync();
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED + ":0", pipe.recorder.next());
        assertEquals("unregistered", pipe.recorder.next());
        pipe.closeHandles();
    }

    @Test
    void submit_outstandingOrOffTheLoop_refused() throws Exception {
        Pipe pipe = new Pipe(new Recorder(false));
        pipe.read();
        assertInstanceOf(IllegalStateException.class, assertThrows(ExecutionException.class, pipe::read).getCause());
        assertThrows(IllegalStateException.class, () -> pipe.registration.submit(IocpIoOps.read(null)));
        assertThrows(IllegalStateException.class, () -> pipe.iocp.cancel(pipe.read));
        assertThrows(IllegalStateException.class, () -> pipe.iocp.associate(pipe.server));
        pipe.close();
    }

    @Test
    void submit_afterTheRegistrationWasCancelled_endsAsAborted() throws Exception {
        Pipe pipe = new Pipe(new Recorder(false));
        pipe.registration.cancel();
        assertEquals("unregistered", pipe.recorder.next());
        pipe.read();
        assertFalse(pipe.read.isOutstanding());
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, pipe.read.error());
        pipe.closeHandles();
    }

    @Test
    void shutdown_operationOutstanding_eventArrivesBeforeTheLoopEnds() throws Exception {
        Pipe pipe = new Pipe(new Recorder(false));
        pipe.read();
        group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
        assertEquals("close", pipe.recorder.next());
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED + ":0", pipe.recorder.next());
        pipe.closeHandles();
    }

    @Test
    void manyOperations_moreThanOneChunkOfRecords_allEndAndSoDoTheNext() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            pipes.add(new Pipe(new Recorder(false)));
        }
        // The second time with the records of the first.
        for (String text : new String[] {"1", "22"}) {
            for (Pipe pipe : pipes) {
                pipe.read();
            }
            for (Pipe pipe : pipes) {
                pipe.clientWrites(text);
            }
            for (Pipe pipe : pipes) {
                assertEquals("0:" + text.length(), pipe.recorder.next());
            }
        }
        for (Pipe pipe : pipes) {
            pipe.close();
        }
    }

    @Test
    void metrics_ofALoop_countWhatItDidAndGoWithIt() throws Exception {
        IocpIoMetrics metrics = factory.metrics().get(0);
        Pipe pipe = new Pipe(new Recorder(false));
        pipe.read();
        assertEquals(List.of(1L, 1L, 1L, 0L), List.of(metrics.registeredHandles(), metrics.outstandingOperations(),
                metrics.submittedOperations(), metrics.bytesRead()));
        long packets = metrics.packets();
        pipe.clientWrites("333");
        assertEquals("0:3", pipe.recorder.next());
        loop.submit(() -> { }).sync();
        assertEquals(List.of(0L, 3L, 0L), List.of(metrics.outstandingOperations(), metrics.bytesRead(),
                metrics.bytesWritten()));
        assertTrue(metrics.packets() > packets && metrics.dequeues() > 0, metrics::toString);
        pipe.close();
        assertEquals(0, metrics.registeredHandles());
        group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
        assertEquals(List.of(), factory.metrics());
    }

    @Test
    void trace_switchedOn_namesEachOperationItsHandleAndItsResult() throws Exception {
        try (LogLines log = new LogLines(IocpIoHandler.class.getName(), Level.FINEST)) {
            Pipe pipe = new Pipe(new Recorder(false));
            pipe.read();
            pipe.clientWrites("333");
            assertEquals("0:3", pipe.recorder.next());
            String read = "READ(handle 0x" + Long.toHexString(pipe.server) + ", 64 bytes) ";
            assertTrue(log.lines().poll(SECONDS, TimeUnit.SECONDS).startsWith(read + "is outstanding on port 0x"));
            String ended = log.lines().poll(SECONDS, TimeUnit.SECONDS);
            assertTrue(ended.startsWith(read + "ended on port 0x") && ended.endsWith(": 3 bytes, success"), ended);
            pipe.close();
        }
    }

    /** A pipe whose server's end is registered with the loop. */
    private final class Pipe {
        final Recorder recorder;
        final long server;
        final long client;
        final IocpIoOps read = IocpIoOps.read(null);
        final IoRegistration registration;
        final IocpIoRegistration iocp;
        private final NativeMemory buffer = remember(new NativeMemory(64, 8));

        Pipe(Recorder recorder) throws Exception {
            this.recorder = recorder;
            NativeMemory name = remember(NativeMemory.wideString("\\\\.\\pipe\\iocp-" + UUID.randomUUID()));
            server = win32.createNamedPipe(name.address(),
                    PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1, 4096, 4096, 0);
            client = win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE,
                    PipeFlags.FILE_FLAG_OVERLAPPED);
            assertTrue(server > 0 && client > 0);
            registration = loop.register(recorder).get();
            iocp = registration.attachment();
            recorder.pipe = this;
            assertEquals("registered", recorder.next());
            assertEquals(0, loop.submit(() -> iocp.associate(server)).get());
        }

        void read() throws Exception {
            loop.submit(() -> registration.submit(read.on(server, buffer.address(), 64))).get();
        }

        void clientWrites(String text) {
            NativeMemory bytes = remember(NativeMemory.wideString(text));
            NativeMemory overlapped = remember(new NativeMemory(32, 8));
            assertEquals(0, win32.writeFile(client, bytes.address(), text.length(), overlapped.address()));
        }

        void close() throws Exception {
            loop.submit(() -> iocp.cancel(read)).sync();
            registration.cancel();
            while (!"unregistered".equals(recorder.next())) {
                // The event of the cancelled read comes first.
                assertFalse(read.isOutstanding());
            }
            closeHandles();
        }

        void closeHandles() {
            win32.closeHandle(server);
            win32.closeHandle(client);
        }
    }

    private NativeMemory remember(NativeMemory allocated) {
        memory.add(allocated);
        return allocated;
    }

    private final class Recorder implements IocpIoHandle {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final boolean throwing;
        private volatile Pipe pipe;

        Recorder(boolean throwing) {
            this.throwing = throwing;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IocpIoOps ops = (IocpIoOps) event;
            add(ops.error() + ":" + ops.bytesTransferred());
            if (throwing) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void registered() {
            add("registered");
        }

        @Override
        public void unregistered() {
            add("unregistered");
        }

        private void add(String event) {
            events.add(loop.inEventLoop() ? event : event + " by another thread");
        }

        @Override
        public void close() {
            add("close");
            pipe.iocp.cancel(pipe.read);
        }

        String next() throws InterruptedException {
            String event = events.poll(SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event");
            }
            return event;
        }
    }
}
