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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes which commit is checked out, run as {@code java build/GitCommit.java FILE} in the root directory: its short
 * hash, with {@code -dirty} behind it if files were changed, or {@code unknown} where there is no git.
 */
final class GitCommit {
    private GitCommit() {
    }

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Files.createDirectories(file.getParent());
        Files.writeString(file, commit());
    }

    private static String commit() throws Exception {
        ProcessBuilder git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12",
                "--exclude=*").redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = git.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? text : "unknown";
        } catch (IOException noGit) {
            return "unknown";
        }
    }
}
