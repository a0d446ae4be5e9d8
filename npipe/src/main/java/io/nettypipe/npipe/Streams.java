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
package io.nettypipe.npipe;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams of the program.
 *
 * @param in   bytes
 * @param out  bytes, for the commands that pass on what a pipe carries
 * @param text the same for those that print
 * @param err  where failures and progress are told
 */
record Streams(InputStream in, OutputStream out, PrintWriter text, PrintWriter err) {

    Streams(InputStream in, OutputStream out, PrintWriter err) {
        this(in, out, new PrintWriter(out, true, charset()), err);
    }

    /** A terminal has an encoding of its own; a file or another program is taken to use UTF-8. */
    private static Charset charset() {
        return Terminal.isThere() ? System.console().charset() : StandardCharsets.UTF_8;
    }
}
