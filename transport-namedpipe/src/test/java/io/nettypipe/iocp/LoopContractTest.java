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
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an event loop expects of its handler, on one thread and without an event loop; see docs/channel-contract.md. */
class LoopContractTest {
    private static final int MAX_BATCH = 1024;

    private final ModelWin32 model = new ModelWin32();
    private final List<Integer> timeouts = new ArrayList<>();
    private final List<Integer> capacities = new ArrayList<>();
    private int posts;
    private Runnable whileBlocked = () -> { };

    @Test
    void run_mayNotBlock_polls() {
        IoHandler handler = newHandler();
        assertEquals(0, handler.run(new Context(false, -1)));
        assertEquals(List.of(0), timeouts);
        handler.destroy();
    }

    @Test
    void run_noDeadline_waitsForEver() {
        IoHandler handler = newHandler();
        assertEquals(0, handler.run(new Context(true, -1)));
        assertEquals(List.of(-1), timeouts);
        handler.destroy();
    }

    @Test
    void run_deadline_isRoundedUpToMilliseconds() {
        IoHandler handler = newHandler();
        for (long nanos : new long[] {-5, 0, 1, 999_999, 1_000_000, 1_000_001, Long.MAX_VALUE / 2}) {
            handler.run(new Context(true, nanos));
        }
        assertEquals(List.of(0, 0, 1, 1, 1, 2, Integer.MAX_VALUE), timeouts);
        assertTrue(capacities.stream().allMatch(capacity -> capacity <= MAX_BATCH), capacities::toString);
        handler.destroy();
    }

    @Test
    void wakeup_whileBlocked_postsOnePacketThatIsNoWork() {
        IoHandler handler = newHandler();
        whileBlocked = () -> {
            for (int i = 0; i < 5; i++) {
                handler.wakeup();
            }
        };
        assertEquals(0, handler.run(new Context(true, -1)));
        assertEquals(1, posts);
        whileBlocked = () -> { };
        assertEquals(0, handler.run(new Context(false, -1)));
        handler.destroy();
    }

    @Test
    void wakeup_whileRunningAndAfterTheEnd_isHarmless() {
        IoHandler handler = newHandler();
        handler.wakeup();
        handler.destroy();
        handler.wakeup();
        assertEquals(0, posts);
        assertEquals(0, handler.run(new Context(true, -1)));
        handler.destroy();
        model.verify();
    }

    @Test
    void prepareToDestroy_severalTimes_closesHandlesAndRefusesNewOnes() throws Exception {
        IoHandler handler = newHandler();
        Handle handle = new Handle();
        handler.register(handle);
        for (int i = 0; i < 3; i++) {
            handler.prepareToDestroy();
            assertThrows(IllegalStateException.class, () -> handler.register(new Handle()));
        }
        assertTrue(handle.timesClosed > 0);
        handler.destroy();
        model.verify();
    }

    @Test
    void cancel_registration_isTrueOnceAndUnregistersOnce() throws Exception {
        IoHandler handler = newHandler();
        Handle handle = new Handle();
        IoRegistration registration = handler.register(handle);
        assertTrue(registration.cancel());
        assertEquals(false, registration.cancel());
        assertEquals(1, handle.timesUnregistered);
        handler.destroy();
    }

    @Test
    void listenEnded_itsCallTakenByAnotherWaitOfTheThread_isSeenBeforeTheLoopBlocks() throws Exception {
        IoHandler handler = newHandler();
        Listener listener = new Listener(handler);
        handler.run(new Context(true, -1));
        listener.connect(1);
        try (NativeMemory entries = new NativeMemory(64, 8)) {
            long otherPort = model.createCompletionPort();
            assertEquals(Win32Error.WAIT_IO_COMPLETION,
                    model.getQueuedCompletionStatusEx(otherPort, entries.address(), 1, entries.address() + 32, 0));
            model.closeHandle(otherPort);
        }
        assertEquals(1, handler.run(new Context(true, -1)));
        assertEquals(List.of(-1, 0), timeouts);
        assertEquals(List.of("0: 0"), listener.ended);
        listener.close(handler);
    }

    @Test
    void listensEnded_whileEachWaitFindsPacketsAndTakesNoCall_areSeen() throws Exception {
        IoHandler handler = newHandler();
        whileBlocked = handler::wakeup;
        Listener listener = new Listener(handler);
        listener.connect(2);
        int turns = 0;
        while (listener.ended.size() < 2 && turns <= Listener.LISTENS) {
            turns++;
            handler.run(new Context(true, -1));
        }
        assertEquals(Set.of("0: 0", "1: 0"), Set.copyOf(listener.ended));
        whileBlocked = () -> { };
        listener.close(handler);
    }

    private IoHandler newHandler() {
        Win32 win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("postQueuedCompletionStatus")) {
                        posts++;
                    }
                    if (method.getName().equals("getQueuedCompletionStatusEx")) {
                        capacities.add((Integer) args[2]);
                        timeouts.add((Integer) args[4]);
                        whileBlocked.run();
                        args[4] = 0;
                    }
                    return method.invoke(model, args);
                });
        return IocpIoHandler.newFactory(win32).newHandler(new OneThread());
    }

    /** Instances that listen. */
    private final class Listener implements IocpIoHandle {
        static final int LISTENS = 5;
        final List<String> ended = new ArrayList<>();
        private final NativeMemory name = NativeMemory.wideString("\\\\.\\pipe\\" + UUID.randomUUID());
        private final List<Long> handles = new ArrayList<>();
        private final List<Long> clients = new ArrayList<>();
        private final List<IocpIoOps> listens = new ArrayList<>();
        private final IocpIoRegistration registration;

        Listener(IoHandler handler) throws Exception {
            IoRegistration registered = handler.register(this);
            registration = registered.attachment();
            for (int i = 0; i < LISTENS; i++) {
                handles.add(model.createNamedPipe(name.address(), PipeFlags.PIPE_ACCESS_DUPLEX
                        | PipeFlags.FILE_FLAG_OVERLAPPED, 0, LISTENS, 4096, 4096, 0));
                listens.add(IocpIoOps.listen(null));
            }
            for (int i = 0; i < LISTENS; i++) {
                assertTrue(registration.submit(listens.get(i).on(handles.get(i), 0, 0)) != 0);
            }
        }

        void connect(int count) {
            for (int i = 0; i < count; i++) {
                clients.add(model.createFile(name.address(), PipeFlags.GENERIC_READ, PipeFlags.FILE_FLAG_OVERLAPPED));
            }
        }

        @Override
        public void handle(IoRegistration ignored, IoEvent event) {
            IocpIoOps ops = (IocpIoOps) event;
            ended.add(listens.indexOf(ops) + ": " + ops.error());
        }

        @Override
        public void close() {
            listens.stream().filter(IocpIoOps::isOutstanding).forEach(registration::cancel);
        }

        void close(IoHandler handler) {
            handler.destroy();
            handles.forEach(model::closeHandle);
            clients.forEach(model::closeHandle);
            name.close();
            model.verify();
        }
    }

    private static final class OneThread implements ThreadAwareExecutor {
        @Override
        public boolean isExecutorThread(Thread thread) {
            return true;
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }
    }

    /** The deadline is from now on, so that the test does not depend on the time. */
    private record Context(boolean canBlock, long delay) implements IoHandlerContext {
        @Override
        public long delayNanos(long currentTimeNanos) {
            return delay;
        }

        @Override
        public long deadlineNanos() {
            return delay == -1 ? -1 : 1;
        }
    }

    private static final class Handle implements IocpIoHandle {
        int timesClosed;
        int timesUnregistered;

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            throw new AssertionError("nothing was submitted");
        }

        @Override
        public void unregistered() {
            timesUnregistered++;
        }

        @Override
        public void close() {
            timesClosed++;
        }
    }
}
