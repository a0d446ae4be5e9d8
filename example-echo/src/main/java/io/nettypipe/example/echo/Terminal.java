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

import io.nettypipe.channel.NamedPipe;
import org.jline.nativ.Kernel32;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams, each of which may be a terminal or not. A terminal has an encoding of its own; a file or
 * another program is taken to use UTF-8.
 */
final class Terminal {
    // Not jline's constants, which load its library, and that only exists for Windows.
    private static final int STD_INPUT_HANDLE = -10;
    private static final int STD_OUTPUT_HANDLE = -11;
    private static final int STD_ERROR_HANDLE = -12;

    private Terminal() { }

    static Reader input() {
        if (isConsole(STD_INPUT_HANDLE) && System.console() != null) {
            return System.console().reader();
        }
        // Not System.in: that one calls PeekNamedPipe before it reads, which Wine refuses for a pipe made by Linux.
        return new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8);
    }

    /** Whatever writes to it flushes at the end of a line. */
    static PrintWriter output() {
        return isConsole(STD_OUTPUT_HANDLE) ? new PrintWriter(System.out, true)
                : new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    }

    static boolean hasErrors() {
        return isConsole(STD_ERROR_HANDLE);
    }

    /**
     * Java 17 tells only of standard input and output together. {@code GetConsoleMode} fails for what is not a
     * console; where there are no named pipes there is no such function either.
     */
    private static boolean isConsole(int standardHandle) {
        return NamedPipe.isAvailable()
                && Kernel32.GetConsoleMode(Kernel32.GetStdHandle(standardHandle), new int[1]) != 0;
    }
}
