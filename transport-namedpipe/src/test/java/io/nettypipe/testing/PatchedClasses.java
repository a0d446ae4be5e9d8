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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Classes of this project with a change to the text of some, compiled anew and loaded apart from the true ones: what
 * would happen with a bug in them. The package of this class is shared.
 */
public final class PatchedClasses extends ClassLoader {
    private static final String OURS = "io.nettypipe.";
    private static final String SHARED = "io.nettypipe.testing.";

    private final Map<String, byte[]> patched = new HashMap<>();

    /**
     * A change.
     *
     * @param className   a class's name below {@code io.nettypipe}, as {@code channel.ReadLoop}
     * @param anchor      text that its source has exactly once
     * @param replacement what is there instead
     */
    public record Patch(String className, String anchor, String replacement) {
    }

    /**
     * Compiles.
     *
     * @throws AssertionError if an anchor is not there exactly once, or the changed text does not compile
     */
    public PatchedClasses(List<Patch> patches) {
        super(PatchedClasses.class.getClassLoader());
        Map<String, String> sources = new HashMap<>();
        for (Patch patch : patches) {
            String source = sources.computeIfAbsent(patch.className(), PatchedClasses::source);
            int at = source.indexOf(patch.anchor());
            if (at < 0 || source.indexOf(patch.anchor(), at + 1) >= 0) {
                throw new AssertionError("not exactly once in " + patch.className() + ": " + patch.anchor());
            }
            sources.put(patch.className(), source.replace(patch.anchor(), patch.replacement()));
        }
        compile(sources);
    }

    private static String source(String className) {
        try {
            return Files.readString(Path.of("src/main/java", (OURS + className).replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile(Map<String, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((className, text) -> units.add(new Source(OURS + className, text)));
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(messages, new Collector(files), null, options, null, units).call()) {
                throw new AssertionError(messages.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(SHARED)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = patched.get(name);
        if (bytes == null) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("patched:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private final class Collector extends ForwardingJavaFileManager<JavaFileManager> {
        Collector(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind,
                                                   FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("patched:///" + className + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            patched.put(className, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
