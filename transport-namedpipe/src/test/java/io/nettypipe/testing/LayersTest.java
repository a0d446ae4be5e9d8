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

import io.nettypipe.channel.NamedPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Packages depend one way, {@code codec -> channel -> iocp -> win32}, and only win32 sees JNA. */
final class LayersTest {
    private static final String JNA = "com.sun.jna";
    private static final String OURS = "io.nettypipe.";

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
        Map.entry("win32", Set.of(JNA)),
        Map.entry("iocp", Set.of("win32")),
        Map.entry("channel", Set.of("iocp", "win32")),
        Map.entry("codec", Set.of("channel")),
        Map.entry("example.echo", Set.of("codec", "channel", "iocp")),
        Map.entry("example.http", Set.of("channel", "iocp")),
        Map.entry("example.stream", Set.of("codec", "channel", "iocp")),
        Map.entry("npipe",
            Set.of("codec", "channel", "win32", "npipe.bench", "npipe.net", "npipe.system", "npipe.traffic")),
        Map.entry("npipe.bench", Set.of("codec", "channel")),
        Map.entry("npipe.net", Set.of("channel", "iocp")),
        Map.entry("npipe.system", Set.of(JNA, "win32")),
        Map.entry("npipe.traffic", Set.of("channel", "npipe.net")),
        Map.entry("example.spring", Set.of("channel", "reactor")),
        Map.entry("grpc", Set.of("channel", "iocp")),
        Map.entry("reactor", Set.of("channel", "iocp")),
        Map.entry("vertx", Set.of("channel", "iocp")),
        Map.entry("streams", Set.of("channel")),
        Map.entry("example.docker", Set.of("channel", "iocp")),
        Map.entry("example.lsp", Set.of("streams", "channel", "iocp")),
        Map.entry("check", Set.of("win32")),
        Map.entry("microbench", Set.of("codec", "channel", "iocp", "win32", JNA)),
        Map.entry("microbench.race", Set.of("codec", "channel", "iocp", "testing")));

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern PACKAGE =
        Pattern.compile("^package io\\.nettypipe\\.([a-z0-9.]+);", Pattern.MULTILINE);
    private static final Pattern USE =
        Pattern.compile("\\b(?:(com\\.sun\\.jna)\\b|io\\.nettypipe\\.([a-z0-9.]+)\\.[A-Z*])");

    @Test
    void packages_ofMainSources_useOnlyWhatIsBelowThem() throws IOException {
        List<Path> sources = mainSources();
        assertTrue(sources.stream().anyMatch(file -> file.endsWith("PipeMessage.java")), sources::toString);
        Set<String> wrong = new TreeSet<>();
        for (Path source : sources) {
            for (String use : forbidden(Files.readString(source))) {
                wrong.add(source.getFileName() + " uses " + use);
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @ParameterizedTest
    @CsvSource({
        "win32, import com.sun.jna.Native;, true",
        "iocp, import com.sun.jna.Native;, false",
        "iocp, import static com.sun.jna.Native.register;, false",
        "channel, import com.sun.jna.platform.win32.Advapi32;, false",
        "channel, import io.nettypipe.win32.Win32;, true",
        "channel, new io.nettypipe.codec.PipeMessageCodec();, false",
        "win32, import io.nettypipe.iocp.*;, false",
        "codec, import io.nettypipe.channel.PipeMessage;, true",
        "codec, import io.nettypipe.iocp.IocpIoHandler;, false",
        "iocp, // as io.nettypipe.channel.NamedPipeChannel does, true",
        "elsewhere, import io.nettypipe.win32.Win32;, false"
    })
    void source_usingAnotherLayer_isJudgedByTheLayersOrder(String layer, String line, boolean allowed) {
        Set<String> wrong = forbidden("package " + OURS + layer + ";\n" + line + "\n");
        assertEquals(allowed, wrong.isEmpty(), wrong::toString);
    }

    private static Set<String> forbidden(String source) {
        String code = COMMENT.matcher(source).replaceAll("");
        Matcher declaration = PACKAGE.matcher(code);
        assertTrue(declaration.find(), "no package");
        String layer = declaration.group(1);
        Set<String> uses = new TreeSet<>();
        for (Matcher use = USE.matcher(code); use.find();) {
            uses.add(use.group(1) != null ? JNA : use.group(2));
        }
        uses.remove(layer);
        uses.removeAll(MAY_USE.getOrDefault(layer, Set.of()));
        return uses;
    }

    /** What only this project calls is in no signature that others see. */
    @Test
    void publicSignatures_aboveWin32_haveNoTypeOfIt() throws Exception {
        Set<String> wrong = new TreeSet<>();
        Path classes = Path.of(NamedPipe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes.resolve("io/nettypipe"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".class")).toList()) {
                Class<?> type = Class.forName(classes.relativize(file).toString().replaceAll("\\.class$", "")
                    .replace(file.getFileSystem().getSeparator(), "."), false, getClass().getClassLoader());
                if (!type.getPackageName().equals(OURS + "win32") && Modifier.isPublic(type.getModifiers())) {
                    Stream.of(type.getDeclaredMethods(), type.getDeclaredConstructors(), type.getDeclaredFields())
                        .flatMap(Arrays::stream).filter(LayersTest::isSeen)
                        .map(Object::toString).filter(member -> member.contains(OURS + "win32."))
                        .forEach(wrong::add);
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    private static boolean isSeen(Member member) {
        return !member.isSynthetic() && (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    /** Surefire runs in the module's directory, beside the other modules. */
    private static List<Path> mainSources() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
            return modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory)
                .flatMap(LayersTest::javaFiles).toList();
        }
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                .filter(file -> !file.endsWith("module-info.java") && !file.endsWith("package-info.java"))
                .toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
