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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails every test class that leaks a buffer, or anything else that Netty tracks.
 * <p>
 * It registers itself: its name is in {@code META-INF/services} and {@code junit-platform.properties} switches
 * automatic detection on. The build sets {@code -Dio.netty.leakDetection.level=paranoid}; a test class that runs with
 * less, or changes it, fails.
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback, Extension {
    private static final LeakRecorder RECORDER = new LeakRecorder();

    static {
        // JUnit loads its extensions before it initializes a test class, and so before Netty makes its detectors
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(RECORDER);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        requireParanoid();
        Unpooled.buffer(1).release();
        if (!RECORDER.hears(ByteBuf.class)) {
            throw new IllegalStateException("Netty's buffers were loaded before " + LeakExtension.class.getName()
                + ", so that their leaks go unheard");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        requireParanoid();
        List<String> leaks = RECORDER.drain();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked by the time " + context.getDisplayName() + " ended:\n"
                + String.join("\n", leaks));
        }
    }

    /** What leaked so far was meant to: the test is about mistakes. */
    public static void forget() throws InterruptedException {
        RECORDER.drain();
    }

    private static void requireParanoid() {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        if (level != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("Leak detection is " + level
                + ": run tests with -Dio.netty.leakDetection.level=paranoid");
        }
    }
}
