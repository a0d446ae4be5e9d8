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

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Makes Netty's leak detectors and keeps what they report, instead of logging it. */
final class LeakRecorder extends ResourceLeakDetectorFactory {
    private static final long GC_TIMEOUT_MILLIS = 10_000;

    private final Queue<Detector<?>> detectors = new ConcurrentLinkedQueue<>();
    private final Set<Class<?>> types = ConcurrentHashMap.newKeySet();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    @Override
    @Deprecated
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int samplingInterval, long maxActive) {
        return newResourceLeakDetector(type, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int samplingInterval) {
        Detector<T> detector = new Detector<>(type, samplingInterval);
        types.add(type);
        detectors.add(detector);
        return detector;
    }

    /** Whether a detector for resources of this type was made here, and so is heard. */
    boolean hears(Class<?> type) {
        return types.contains(type);
    }

    /** Collects garbage and answers what was found to have leaked since the last call, one report each. */
    List<String> drain() throws InterruptedException {
        // The collector hands all references that it cleared to one thread that enqueues them in turn. When those of
        // the second collection arrive, those of the first have all been enqueued.
        collectGarbage();
        collectGarbage();
        for (Detector<?> detector : detectors) {
            detector.poll();
        }
        List<String> found = new ArrayList<>();
        for (String leak = leaks.poll(); leak != null; leak = leaks.poll()) {
            found.add(leak);
        }
        return found;
    }

    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> witness = new WeakReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(GC_TIMEOUT_MILLIS) != witness) {
            throw new IllegalStateException("No garbage was collected: is the JVM run with -XX:+DisableExplicitGC?");
        }
    }

    private final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> type, int samplingInterval) {
            super(type, samplingInterval);
        }

        /** A detector looks for leaks only when it is given something to track. */
        @SuppressWarnings("unchecked")
        void poll() {
            T nothing = (T) new Object();
            ResourceLeakTracker<T> tracker = trackForcibly(nothing);
            tracker.close(nothing);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            leaks.add(resourceType + " was not released before it was garbage-collected." + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            leaks.add(resourceType + " was not released before it was garbage-collected (no records).");
        }
    }
}
