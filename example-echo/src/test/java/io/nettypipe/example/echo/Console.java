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
package io.nettypipe.example.echo;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs the program in this JVM, and keeps what it printed and the status it ended with. */
final class Console {
    private Console() { }

    /** What a run that has ended left behind. */
    record Ran(int status, List<String> out, List<String> err) { }

    static Ran run(String... args) {
        return runWithInput("", args);
    }

    static Ran runWithInput(String input, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = EchoMain.run(new StringReader(input),
                new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ran(status, out.toString().lines().toList(), err.toString().lines().toList());
    }

    /** Hands over whole lines as they are printed. */
    static final class Lines extends Writer {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder line = new StringBuilder();

        /** The next line, or null if none comes within 30 seconds. */
        String next() throws InterruptedException {
            return lines.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public void write(char[] chars, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (chars[i] == '\n') {
                    lines.add(line.toString());
                    line.setLength(0);
                } else if (chars[i] != '\r') {
                    line.append(chars[i]);
                }
            }
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    }
}
