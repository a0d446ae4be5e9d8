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

import io.nettypipe.npipe.system.PipeDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** {@code npipe list}. */
@Command(name = "list", description = {"Lists the pipes of this machine with their instances: how many there are, and"
    + " how many there may be. No instance is used up."})
final class ListCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(index = "0", paramLabel = "PATTERN", arity = "0..1", defaultValue = "*",
            description = "Which: * is any text, ? any character; upper or lower case.")
    private String pattern;
    @Option(names = "--names", description = "Print the names only.")
    private boolean namesOnly;

    ListCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Failure {
        Failure.requirePipes();
        try {
            print(PipeDirectory.list());
            return 0;
        } catch (IOException e) {
            throw new Failure(Failure.FAILED, "Cannot list pipes: " + Failure.reason(e), e);
        }
    }

    /** Prints those that are asked for. */
    void print(List<PipeDirectory.Entry> pipes) {
        Pattern wanted = Pattern.compile(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
        PrintWriter out = streams.text();
        if (!namesOnly) {
            out.printf("%9s  %8s  %s%n", "INSTANCES", "LIMIT", "NAME");
        }
        for (PipeDirectory.Entry pipe : pipes) {
            if (!wanted.matcher(pipe.name()).matches()) {
                continue;
            }
            if (namesOnly) {
                out.println(pipe.name());
            } else {
                out.printf("%9d  %8s  %s%n", pipe.instances(), pipe.limit(), pipe.name());
            }
        }
    }
}
