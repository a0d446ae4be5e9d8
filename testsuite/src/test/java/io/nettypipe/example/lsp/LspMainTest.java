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
package io.nettypipe.example.lsp;

import io.nettypipe.streams.NamedPipeStreams;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.Notice;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.testsuite.programs.NodeProgram;
import io.nettypipe.win32.model.TestSystem;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The language server, with an editor of LSP4J's on the model, and with VS Code's library on real pipes. */
class LspMainTest {
    private static final Path JAR = Path.of("..", "example-lsp", "target", "example-lsp.jar");

    private final TestPipe pipe = new TestPipe(2, TestSystem.open());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LspMain main = new LspMain(pipe.group, threads);

    @AfterEach
    void stop() throws Exception {
        threads.shutdown();
        assertTrue(threads.awaitTermination(TestPipe.SECONDS, TimeUnit.SECONDS));
        pipe.close();
    }

    @Test
    void editorOfLsp4j_thatConnects_isAnsweredUntilItExits() throws Exception {
        main.listen(pipe.address);
        try (NamedPipeStreams streams = NamedPipeStreams.connect(pipe.clientBootstrap(), pipe.address)) {
            Launcher<LanguageServer> launcher = LSPLauncher.createClientLauncher(new Editor(), streams.input(),
                    streams.output(), threads, messages -> messages);
            Future<Void> listening = launcher.startListening();
            LanguageServer server = launcher.getRemoteProxy();
            assertEquals("words", get(server.initialize(new InitializeParams())).getServerInfo().getName());
            String text = "many words ".repeat(50_000);
            server.getTextDocumentService().didOpen(new DidOpenTextDocumentParams(
                    new TextDocumentItem("file:///words", "plaintext", 1, text)));
            assertEquals("100000 words", get(server.getTextDocumentService().hover(new HoverParams(
                    new TextDocumentIdentifier("file:///words"), new Position(0, 0))))
                    .getContents().getRight().getValue());
            get(server.shutdown());
            server.exit();
            get(listening);
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(TestPipe.SECONDS, TimeUnit.SECONDS);
    }

    @Tag("long")
    @WindowsTest
    @Test
    @Timeout(120)
    void vsCodesLibrary_thatConnects_isAnsweredUntilItExits() throws Exception {
        main.listen(pipe.address);
        try (NodeProgram node = NodeProgram.start("lsp.js", pipe.address, "connecting")) {
            node.says("words, 2000 words, closed");
            node.succeeds();
        }
    }

    /** As VS Code does it. */
    @Tag("long")
    @WindowsTest
    @Test
    @Timeout(120)
    void vsCodesLibrary_thatMadeThePipe_isAnsweredByAServerThatIsStartedThen() throws Exception {
        try (NodeProgram node = NodeProgram.start("lsp.js", pipe.address, "listening")) {
            node.says("listening");
            Process server = new ProcessBuilder(AnotherJvm.command("-jar", JAR.toString(),
                    "--pipe=" + pipe.address.path())).inheritIO().start();
            try {
                node.says("words, 2000 words, closed");
                assertTrue(server.waitFor(TestPipe.SECONDS, TimeUnit.SECONDS));
                assertEquals(0, server.exitValue());
            } finally {
                server.destroyForcibly();
            }
            node.succeeds();
        }
    }

    @Tag("long")
    @WindowsTest
    @Test
    void notice_ofTheJar_namesAllThatIsInIt() throws IOException {
        Notice.assertNamesAllOf(JAR);
    }

    /** An editor that wants to know nothing. */
    private static final class Editor implements LanguageClient {
        @Override
        public void telemetryEvent(Object object) {
        }

        @Override
        public void publishDiagnostics(PublishDiagnosticsParams diagnostics) {
        }

        @Override
        public void showMessage(MessageParams message) {
        }

        @Override
        public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams request) {
            return new CompletableFuture<>();
        }

        @Override
        public void logMessage(MessageParams message) {
        }
    }
}
