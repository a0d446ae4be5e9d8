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

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a release publishes, as its users get it: the modules that are published are built anew from a copy of the tree,
 * as a release is but for its signatures, and deployed to a folder, which somebody's project depends on.
 */
@Tag("long")
@Timeout(600)
final class PublishedJarsTest {
    private static final boolean WINDOWS = File.pathSeparatorChar == ';';
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path WORK = Path.of("target", "published").toAbsolutePath();
    private static final Path COPY = WORK.resolve("tree");
    private static final Path STAGED = WORK.resolve("repository");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    private static List<String> modules;
    private static String version;

    @BeforeAll
    @Timeout(900)
    static void deployACopy() throws Exception {
        delete(WORK);
        copy(ROOT, COPY);
        modules = published();
        assertTrue(modules.containsAll(List.of("bom", "transport-namedpipe", "codec-pipemessage")), modules::toString);
        version = find(VERSION, Files.readString(ROOT.resolve("pom.xml")));
        maven(COPY, "-Prelease", "-Dgpg.skip", "-DskipTests", "-Dcheckstyle.skip", "deploy",
                "-pl", String.join(",", modules), "-am", "-DaltDeploymentRepository=staged::" + STAGED.toUri());
    }

    private static List<String> published() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            List<String> names = new ArrayList<>();
            for (Path folder : folders.sorted().toList()) {
                Path pom = folder.resolve("pom.xml");
                if (Files.exists(pom) && Files.readString(pom).contains("<maven.deploy.skip>false<")) {
                    names.add(folder.getFileName().toString());
                }
            }
            return names;
        }
    }

    @Test
    void deployed_eachModule_hasWhatARepositoryAsksFor() throws Exception {
        Set<String> missing = new TreeSet<>();
        for (String module : modules) {
            List<Path> files = deployed(artifact(module));
            List<String> endings = new ArrayList<>(List.of(".pom", "-cyclonedx.json"));
            if (!module.equals("bom")) {
                endings.addAll(List.of("[0-9T].jar", "-sources.jar", "-javadoc.jar"));
            }
            for (String ending : endings) {
                if (files.stream().noneMatch(file -> file.toString().matches(".*" + ending))) {
                    missing.add(module + ": " + ending);
                }
            }
            String pom = Files.readString(file(artifact(module), ".pom"));
            for (String element : List.of("name", "description", "url", "licenses", "developers", "scm")) {
                if (!pom.contains("<" + element)) {
                    missing.add(module + ": <" + element + ">");
                }
            }
            assertFalse(pom.contains("<parent>") || pom.contains("<scope>test"), pom);
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void bom_deployed_hasEachModuleAndNothingElse() throws Exception {
        Set<String> managed = new TreeSet<>();
        String bom = Files.readString(file(artifact("bom"), ".pom"));
        Matcher artifact = Pattern.compile("<artifactId>([^<]+)<").matcher(bom);
        while (artifact.find()) {
            managed.add(artifact.group(1));
        }
        Set<String> all = new TreeSet<>();
        for (String module : modules) {
            all.add(artifact(module));
        }
        assertEquals(all, managed);
    }

    @Test
    void jars_ofAnotherBuildOfTheSameSources_areTheSameBytes() throws Exception {
        // Only a fresh clone, as CI has it, makes all javadoc anew.
        List<String> kinds = !"true".equals(System.getenv("CI")) ? List.of("", "-sources")
                : List.of("", "-sources", "-javadoc");
        Set<String> different = new TreeSet<>();
        int compared = 0;
        for (String module : modules) {
            for (String kind : kinds) {
                String jar = module + "/target/" + artifact(module) + '-' + version + kind + ".jar";
                if (Files.exists(ROOT.resolve(jar))) {
                    compared++;
                    if (Files.mismatch(ROOT.resolve(jar), COPY.resolve(jar)) >= 0) {
                        different.add(jar);
                    }
                }
            }
        }
        assumeTrue(compared > 0, "the modules were not packaged: mvn verify does that");
        assertEquals(Set.of(), different);
    }

    @Test
    void consumer_withADescriptor_compilesAndRunsOnTheModulePath() throws Exception {
        Path consumer = consumer("consumer");
        compile(consumer);
        assertEquals("Hello, world! From module io.nettypipe.transport and module io.nettypipe.codec",
                java(consumer, "--enable-native-access=io.nettypipe.transport,com.sun.jna",
                        "-p", "target/classes;target/lib", "-m", "com.example.greeting/com.example.greeting.Greeting"));
    }

    @Test
    void consumer_withoutADescriptor_compilesAndRunsOnTheClassPath() throws Exception {
        Path consumer = consumer("consumer-on-class-path");
        Files.delete(consumer.resolve("src/main/java/module-info.java"));
        compile(consumer);
        String said = java(consumer, "-cp", "target/classes;target/lib/*", "com.example.greeting.Greeting");
        assertTrue(said.matches("Hello, world! From unnamed module @\\w+ and unnamed module @\\w+"), said);
    }

    @Test
    void bundles_inAFramework_startAndShareTheirTypes() throws Exception {
        Path consumer = consumer("consumer-of-bundles");
        compile(consumer);
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
                Constants.FRAMEWORK_STORAGE, WORK.resolve("bundles").toString(),
                // what netty-common may use
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "sun.misc,sun.nio.ch,sun.security.util"));
        framework.start();
        try (Stream<Path> jars = Files.list(consumer.resolve("target/lib"))) {
            for (Path jar : jars.toList()) {
                framework.getBundleContext().installBundle(jar.toUri().toString());
            }
            Map<String, Bundle> bundles = new TreeMap<>();
            for (Bundle bundle : framework.getBundleContext().getBundles()) {
                bundle.start();
                bundles.put(bundle.getSymbolicName(), bundle);
            }
            Bundle transport = bundles.get("io.nettypipe.transport");
            Bundle codec = bundles.get("io.nettypipe.codec");
            assertEquals(List.of(Bundle.ACTIVE, Bundle.ACTIVE), List.of(transport.getState(), codec.getState()));
            assertSame(transport.loadClass("io.nettypipe.channel.PipeMessage"),
                    codec.loadClass("io.nettypipe.channel.PipeMessage"));
            assertEquals(!WINDOWS, transport.loadClass("io.nettypipe.channel.NamedPipe")
                    .getMethod("unavailabilityCause").invoke(null) != null);
        } finally {
            framework.stop();
            framework.waitForStop(0);
        }
    }

    private static Path consumer(String name) throws IOException {
        Path consumer = WORK.resolve(name);
        copy(Path.of("src", "consumer"), consumer);
        return consumer;
    }

    /** Nothing comes from anywhere else than the folder, and what this build left in the local repository. */
    private static void compile(Path consumer) throws Exception {
        Path settings = Files.writeString(WORK.resolve("settings.xml"), """
                <settings><mirrors><mirror><id>local</id><mirrorOf>*,!staged</mirrorOf><url>%s</url></mirror></mirrors>
                </settings>
                """.formatted(Path.of(System.getProperty("localRepository")).toUri()));
        maven(consumer, "-s", settings.toString(), "-Dmaven.repo.local=" + WORK.resolve("local"),
                "-Dstaged.repository=" + STAGED.toUri(), "-Dnettypipe.version=" + version, "compile");
    }

    private static String artifact(String module) throws IOException {
        String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
        return find(Pattern.compile("</parent>.*?<artifactId>([^<]+)<", Pattern.DOTALL), pom);
    }

    private static List<Path> deployed(String artifact) throws IOException {
        try (Stream<Path> files = Files.list(STAGED.resolve("io/nettypipe").resolve(artifact).resolve(version))) {
            return files.toList();
        }
    }

    private static Path file(String artifact, String ending) throws IOException {
        return deployed(artifact).stream().filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), () -> pattern + " in " + text);
        return matcher.group(1);
    }

    /** What a Windows JVM prints: in Wine where this is none. */
    private static String java(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(WINDOWS ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
                : ROOT.resolve("winjava").toString());
        command.addAll(List.of(arguments));
        return run(folder, command).strip();
    }

    private static void maven(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(WINDOWS ? "mvn.cmd" : "mvn", "-B", "-q"));
        command.addAll(List.of(arguments));
        run(folder, command);
    }

    private static String run(Path folder, List<String> command) throws Exception {
        Path errors = WORK.resolve("errors.txt");
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(errors.toFile()).start();
        try {
            process.getOutputStream().close();
            String output = process.inputReader().lines().collect(Collectors.joining("\n"));
            assertEquals(0, process.waitFor(), () -> command + "\n" + output + "\n" + text(errors));
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Set<String> left = Set.of("target", ".git");
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(file -> !left.contains(file.getFileName().toString())).toList()) {
                Path copy = to.resolve(file.getFileName());
                if (Files.isDirectory(file)) {
                    copy(file, copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    delete(file);
                }
            }
        }
        Files.deleteIfExists(folder);
    }
}
