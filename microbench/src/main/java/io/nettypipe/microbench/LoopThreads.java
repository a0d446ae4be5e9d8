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
package io.nettypipe.microbench;

import io.netty.util.concurrent.DefaultThreadFactory;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * JMH's threads, made as Netty makes those of its event loops. On others its recyclers and its allocator take slower
 * ways and allocate: 64 bytes more for an echo.
 */
public final class LoopThreads extends ThreadPoolExecutor {
    /** Makes JMH use these, as an argument of the JVM. */
    static final String CUSTOM = "-Djmh.executor=CUSTOM";
    /** Goes with {@link #CUSTOM}. */
    static final String CLASS = "-Djmh.executor.class=io.nettypipe.microbench.LoopThreads";

    /**
     * For JMH.
     *
     * @param most   how many threads there are at most
     * @param prefix what their names begin with
     */
    public LoopThreads(int most, String prefix) {
        super(most, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(prefix, true));
    }
}
