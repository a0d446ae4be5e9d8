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
package io.nettypipe.testsuite.jars;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.codec.PipeMessageCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What GraalVM's native images have to be told of the jars: the methods that JNA maps to the system's, the channels,
 * which Netty makes of their classes, and the handlers, whose methods it asks for an annotation.
 * {@code -Dnettypipe.docs.write=true} writes it anew.
 */
final class NativeImageTest {
    private static final Map<String, Class<?>> ONE_OF =
            Map.of("transport-namedpipe", NamedPipe.class, "codec-pipemessage", PipeMessageCodec.class);

    @ParameterizedTest
    @CsvSource({"transport-namedpipe, true", "codec-pipemessage, false"})
    void metadata_ofTheJar_hasWhatIsReachedByReflection(String module, boolean jna) throws Exception {
        List<String> types = new ArrayList<>();
        for (Class<?> type : classesOf(ONE_OF.get(module))) {
            entry(type).ifPresent(types::add);
        }
        String resources = !jna ? "" : Stream.of("x86-64", "aarch64").map("""
                    {
                      "condition": {"typeReached": "com.sun.jna.Native"},
                      "glob": "com/sun/jna/win32-%s/jnidispatch.dll"
                    }"""::formatted).map(glob -> glob.indent(4).stripTrailing())
                .collect(Collectors.joining(",\n", ",\n  \"resources\": [\n", "\n  ]"));
        String metadata = "{\n  \"reflection\": [\n" + String.join(",\n", types) + "\n  ]" + resources + "\n}\n";
        Path file = Path.of("..", module, "src/main/resources/META-INF/native-image/io.nettypipe", module,
                "reachability-metadata.json");
        if (Boolean.getBoolean("nettypipe.docs.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, metadata);
        }
        assertEquals(metadata, Files.readString(file));
    }

    private static Optional<String> entry(Class<?> type) {
        List<Method> natives = Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName)).toList();
        if (!natives.isEmpty()) {
            // JNA lists the methods, and registers each with the JVM.
            return entry(type, type.getNestHost(), "\"jniAccessible\": true", "\"methods\": [\n" + natives.stream()
                    .map(NativeImageTest::method).collect(Collectors.joining(",\n")).indent(2) + "]");
        }
        if (Modifier.isAbstract(type.getModifiers())) {
            return Optional.empty();
        }
        if (Channel.class.isAssignableFrom(type) && Modifier.isPublic(type.getModifiers())) {
            return entry(type, type, "\"methods\": [{\"name\": \"<init>\", \"parameterTypes\": []}]");
        }
        return ChannelHandler.class.isAssignableFrom(type) ? entry(type, type, "\"allPublicMethods\": true")
                : Optional.empty();
    }

    private static Optional<String> entry(Class<?> type, Class<?> reached, String... what) {
        List<String> lines = new ArrayList<>();
        lines.add("\"condition\": {\"typeReached\": \"" + reached.getName() + "\"}");
        lines.add("\"type\": \"" + type.getName() + '"');
        lines.addAll(Arrays.asList(what));
        return Optional.of(("{\n" + String.join(",\n", lines).indent(2) + "}").indent(4).stripTrailing());
    }

    private static String method(Method method) {
        return "{\"name\": \"" + method.getName() + "\", \"parameterTypes\": [" + Stream.of(method.getParameterTypes())
                .map(type -> '"' + type.getTypeName() + '"').collect(Collectors.joining(", ")) + "]}";
    }

    private static List<Class<?>> classesOf(Class<?> one) throws Exception {
        URI home = one.getProtectionDomain().getCodeSource().getLocation().toURI();
        if (Files.isDirectory(Path.of(home))) {
            return classesIn(Path.of(home));
        }
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(home))) {
            return classesIn(jar.getPath("/"));
        }
    }

    private static List<Class<?>> classesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("io"))) {
            return files.map(file -> root.relativize(file).toString().replaceAll("[\\\\/]", "."))
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name -> name.replaceAll("\\.class$", "")).sorted()
                    .<Class<?>>map(NativeImageTest::load).toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, NativeImageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
