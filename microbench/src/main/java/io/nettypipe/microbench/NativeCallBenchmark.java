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

import com.sun.jna.Native;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a call of the system takes by itself: {@code memcmp} of nothing, by JNA's direct mapping and, from JDK 22 on, by
 * {@code java.lang.foreign}. With the system's error as well it is what a read that stays outstanding takes.
 */
public class NativeCallBenchmark extends PipeBenchmark {
    private static final MethodHandle PLAIN;
    private static final MethodHandle WITH_ERROR;
    private static final ByteBuffer ERROR = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());

    /** {@code FOREIGN} needs JDK 22, and {@code --enable-native-access=ALL-UNNAMED}. */
    @Param({"JNA", "FOREIGN"})
    public String by;

    private boolean foreign;

    static {
        Native.register("c");
        try {
            boolean there = Runtime.version().feature() >= 22;
            PLAIN = there ? foreign(false) : null;
            WITH_ERROR = there ? foreign(true) : null;
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static native int memcmp(long one, long other, long size);

    /** By reflection, because this is compiled for Java 17. */
    private static MethodHandle foreign(boolean withError) throws ReflectiveOperationException {
        Class<?> linkerType = foreignClass("Linker");
        Class<?> layout = foreignClass("MemoryLayout");
        Class<?> option = foreignClass("Linker$Option");
        Class<?> segment = foreignClass("MemorySegment");
        Class<?> descriptor = foreignClass("FunctionDescriptor");
        Object longs = foreignClass("ValueLayout").getField("JAVA_LONG").get(null);
        Object arguments = Array.newInstance(layout, 3);
        for (int i = 0; i < 3; i++) {
            Array.set(arguments, i, longs);
        }
        Object function = descriptor.getMethod("of", layout, arguments.getClass())
                .invoke(null, foreignClass("ValueLayout").getField("JAVA_INT").get(null), arguments);
        Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
        Object address = ((Optional<?>) foreignClass("SymbolLookup").getMethod("find", String.class)
                .invoke(lookup, "memcmp")).orElseThrow();
        Object options = Array.newInstance(option, withError ? 1 : 0);
        if (withError) {
            Array.set(options, 0, option.getMethod("captureCallState", String[].class)
                    .invoke(null, (Object) new String[] {"errno"}));
        }
        MethodHandle handle = (MethodHandle) linkerType.getMethod("downcallHandle", segment, descriptor,
                options.getClass()).invoke(linker, address, function, options);
        MethodHandle call = !withError ? handle : MethodHandles.insertArguments(handle, 0,
                segment.getMethod("ofBuffer", java.nio.Buffer.class).invoke(null, ERROR));
        return call.asType(MethodType.methodType(int.class, long.class, long.class, long.class));
    }

    private static Class<?> foreignClass(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }

    /** Says who calls. */
    @Setup
    public void choose() {
        foreign = "FOREIGN".equals(by);
    }

    /** A call. */
    @Benchmark
    public int call() throws Throwable {
        return foreign ? (int) PLAIN.invokeExact(0L, 0L, 0L) : memcmp(0, 0, 0);
    }

    /** A call, and what the system's error is. */
    @Benchmark
    public int callAndError() throws Throwable {
        return foreign ? (int) WITH_ERROR.invokeExact(0L, 0L, 0L) + ERROR.getInt(0)
                : memcmp(0, 0, 0) + Native.getLastError();
    }
}
