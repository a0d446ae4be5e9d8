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

import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A language server that knows how many words a text has. */
final class WordServer implements LanguageServer, TextDocumentService, WorkspaceService {
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final Runnable goodbye;
    private volatile boolean shutDown;

    /** What is run when the editor says {@code exit}. */
    WordServer(Runnable goodbye) {
        this.goodbye = goodbye;
    }

    /** Whether the editor asked for an end. */
    boolean isShutDown() {
        return shutDown;
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        ServerCapabilities capabilities = new ServerCapabilities();
        capabilities.setTextDocumentSync(TextDocumentSyncKind.Full);
        capabilities.setHoverProvider(true);
        return CompletableFuture.completedFuture(new InitializeResult(capabilities, new ServerInfo("words")));
    }

    @Override
    public CompletableFuture<Hover> hover(HoverParams params) {
        String text = texts.getOrDefault(params.getTextDocument().getUri(), "").strip();
        int words = text.isEmpty() ? 0 : text.split("\\s+").length;
        return CompletableFuture.completedFuture(new Hover(new MarkupContent("plaintext", words + " words")));
    }

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        texts.put(params.getTextDocument().getUri(), params.getTextDocument().getText());
    }

    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        params.getContentChanges().forEach(change -> texts.put(params.getTextDocument().getUri(), change.getText()));
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        texts.remove(params.getTextDocument().getUri());
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        shutDown = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void exit() {
        goodbye.run();
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return this;
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return this;
    }

    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        // its text came before
    }

    @Override
    public void didChangeConfiguration(DidChangeConfigurationParams params) {
        // there is none
    }

    @Override
    public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
        // none is
    }
}
