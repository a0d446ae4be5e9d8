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
package io.nettypipe.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Test classes that leak are failed, and say what leaked; others are not. */
final class LeakExtensionTest {
    @Test
    void class_releasingEverything_passes() {
        EngineExecutionResults results = run(Clean.class);

        results.testEvents().assertStatistics(stats -> stats.started(1).succeeded(1));
        results.containerEvents().assertStatistics(stats -> stats.failed(0));
    }

    @Test
    void class_leakingPooledBuffer_failsNamingWhereItWasAllocated() {
        assertTrue(failureOf(Leaking.class).contains("Leaking.buffer_allocated_isForgotten"));
    }

    @Test
    void class_leakingOnAnotherThread_fails() {
        assertTrue(failureOf(LeakingElsewhere.class).contains("LeakingElsewhere"));
    }

    @Test
    void class_leakingSomethingElseThatIsTracked_fails() {
        assertTrue(failureOf(LeakingResource.class).startsWith("1 leaked"));
    }

    @Test
    void class_loweringTheDetectionLevel_fails() {
        try {
            assertTrue(failureOf(Lowering.class).contains("paranoid"));
        } finally {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        }
    }

    private static String failureOf(Class<?> testClass) {
        EngineExecutionResults results = run(testClass);
        results.testEvents().assertStatistics(stats -> stats.started(1).succeeded(1));
        List<String> failures = results.containerEvents().failed().stream()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow().getMessage())
            .toList();
        assertEquals(1, failures.size(), failures::toString);
        return failures.get(0);
    }

    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
            .selectors(selectClass(testClass))
            .execute();
    }

    static final class Clean {
        @Test
        void buffers_allocated_areReleased() {
            ByteBufAllocator.DEFAULT.directBuffer(64).release();
            PooledByteBufAllocator.DEFAULT.heapBuffer(64).release();
            Unpooled.directBuffer(64).release();
        }
    }

    static final class Leaking {
        @Test
        void buffer_allocated_isForgotten() {
            assertEquals(1, PooledByteBufAllocator.DEFAULT.directBuffer(64).refCnt());
        }
    }

    static final class LeakingElsewhere {
        @Test
        void buffer_allocatedByThread_isForgotten() throws InterruptedException {
            Thread thread = new Thread(() -> {
                ByteBuf buffer = Unpooled.directBuffer(64);
                buffer.writeInt(1);
            });
            thread.start();
            thread.join();
        }
    }

    static final class LeakingResource {
        @Test
        void resource_tracked_isForgotten() {
            Object resource = new Object();
            ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Object.class).track(resource);
        }
    }

    static final class Lowering {
        @Test
        void level_changed_isNoticed() {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        }
    }
}
