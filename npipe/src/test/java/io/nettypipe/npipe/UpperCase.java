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

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A program that a pipe is served with. */
final class UpperCase {
    private UpperCase() {
    }

    /** Prints its arguments and its standard input in upper case. */
    public static void main(String[] args) throws IOException {
        // Buffered, because a file's own readAllBytes asks for its length, which in Wine a pipe has none of.
        try (InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            System.out.print((String.join(" ", args) + ' ' + text).toUpperCase(Locale.ROOT));
        }
    }
}
