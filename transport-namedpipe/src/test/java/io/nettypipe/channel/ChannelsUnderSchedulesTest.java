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

import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.SeededSchedule;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The tests of the channels hold whatever order the system completes operations in, and on both personalities. */
@Tag("long")
class ChannelsUnderSchedulesTest {

    @AfterEach
    void plainAgain() {
        TestSystem.use(null);
        PipeFixture.zeroByteReads = false;
    }

    @ParameterizedTest
    @Timeout(180)
    @CsvSource({"WINDOWS,1", "WINDOWS,2", "WINE_8,3", "WINE_8,4"})
    void channelTests_completionsDelayedAndReordered_pass(Personality personality, long seed) {
        run(personality, seed, AbortTest.class, AcceptTest.class, BindTest.class, CloseTest.class, ConnectTest.class,
                DrainTest.class, EchoTest.class, HalfClosureTest.class, InputShutdownTest.class, ReadTest.class,
                ReadRequestTest.class, ReuseTest.class, WriteTest.class, ZeroByteReadTest.class, PeerLookupTest.class,
                ServerOwnerTest.class);
    }

    @ParameterizedTest
    @Timeout(180)
    @CsvSource({"WINDOWS,5", "WINE_8,6"})
    void channelTests_waitingWithoutBuffers_pass(Personality personality, long seed) {
        PipeFixture.zeroByteReads = true;
        run(personality, seed, AcceptTest.class, CloseTest.class, DeregisterTest.class, EchoTest.class,
                HalfClosureTest.class, InputShutdownTest.class, LifecycleTest.class, ReadTest.class,
                ReadRequestTest.class, ReuseTest.class, WriteTest.class);
    }

    @Test
    @Timeout(180)
    void channelTests_onOneWayPipes_pass() {
        // Once, because a watch for the peer's end takes its second.
        run(Personality.WINDOWS, 7, DirectionTest.class);
    }

    private static void run(Personality personality, long seed, Class<?>... tests) {
        AtomicLong seeds = new AtomicLong(seed * 1_000);
        TestSystem.use(() -> new ModelWin32(personality, new SeededSchedule(seeds.getAndIncrement())));
        DiscoverySelector[] classes = Stream.of(tests)
                .map(DiscoverySelectors::selectClass).toArray(DiscoverySelector[]::new);
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter").selectors(classes)
                .configurationParameter("junit.jupiter.execution.timeout.default", "40 s")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .execute();
        List<String> failures = results.allEvents().failed().stream()
                .map(event -> event.getTestDescriptor().getDisplayName() + ": "
                        + trace(event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow()))
                .toList();
        assertEquals(List.of(), failures);
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
