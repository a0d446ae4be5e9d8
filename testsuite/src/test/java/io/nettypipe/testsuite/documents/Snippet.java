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
package io.nettypipe.testsuite.documents;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A piece of Java in a document, or a program.
 *
 * @param document where it is
 * @param line     the line before its first
 * @param java     its text
 */
record Snippet(String document, int line, String java) {
    private static final Pattern PROGRAM = Pattern.compile("^public class (\\w+)", Pattern.MULTILINE);

    /** What is around a piece of Java that is no program. On one line, so that javac's lines are the document's. */
    private static final String AROUND =
            "import io.netty.bootstrap.*; import io.netty.buffer.*; import io.netty.channel.*;"
            + "import io.nettypipe.channel.*; import io.nettypipe.codec.*; import io.nettypipe.iocp.*;"
            + "import java.nio.charset.*;"
            + "abstract class %s { EventLoopGroup group; NamedPipeChannel channel; long handle;"
            + "static class MyInitializer extends ChannelInitializer<Channel> {"
            + "protected void initChannel(Channel ch) { } } void snippet() throws Exception {";

    /** What the compiler has against them; empty if they compile. */
    static String compile(List<Snippet> snippets, Path classes) {
        StringWriter errors = new StringWriter();
        boolean compiles = ToolProvider.getSystemJavaCompiler().getTask(errors, null, null, List.of("-proc:none",
                "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")), null,
                snippets.stream().map(Snippet::source).toList()).call();
        return compiles ? "" : errors.toString();
    }

    /** As far down in its file as it is in the document. */
    private JavaFileObject source() {
        Matcher program = PROGRAM.matcher(java);
        boolean whole = program.find();
        String name = whole ? program.group(1) : document.replaceAll("\\W", "_") + line;
        String text = "\n".repeat(line - 1) + (whole ? "\n" + java : AROUND.formatted(name) + "\n" + java + "} }");
        URI uri = URI.create("string:///" + name + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }

            @Override
            public String getName() {
                return document;
            }
        };
    }
}
