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
package io.nettypipe.check;

import io.nettypipe.check.Row.Agrees;
import io.nettypipe.check.Row.Seen;
import io.nettypipe.win32.Fact;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.IncompleteExecutionException;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** One test of the contract: what it said of its facts, and how it ended, if it was run and did. */
final class TestRun implements TestExecutionListener {
    /** With nothing that else lies about on the class path. */
    private static final Launcher LAUNCHER = LauncherFactory.create(LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false).build());

    private final Method test;
    private final List<String> facts;
    /** What its calls of ContractTest.answers published. */
    private final List<Map<String, String>> answers = new CopyOnWriteArrayList<>();
    private volatile boolean started;
    private volatile boolean passed;
    private volatile String failure;
    private volatile String skipped;
    private volatile boolean ended;

    TestRun(Method test) {
        this.test = test;
        Fact fact = test.getAnnotation(Fact.class);
        facts = fact == null ? List.of() : List.of(fact.value());
    }

    String name() {
        return test.getDeclaringClass().getSimpleName() + '.' + test.getName();
    }

    /** The ids of those that it shows. */
    List<String> facts() {
        return facts;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Runs it on this thread, and on no other: the calls of a pipe belong to their thread. */
    void run() {
        started = true;
        try {
            // Without what the build's tests are run with, such as limits of time: TestRuns has its own.
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectMethod(test.getDeclaringClass(), test))
                    .enableImplicitConfigurationParameters(false).build();
            LAUNCHER.execute(request, this);
        } catch (Throwable ofTheLauncher) {
            failure = text(ofTheLauncher);
        }
        ended = true;
    }

    @Override
    public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
        answers.add(entry.getKeyValuePairs());
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        skipped = reason;
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        String reason = result.getThrowable().map(this::text).orElse("");
        switch (result.getStatus()) {
            case FAILED -> failure = failure == null ? reason : failure;
            case ABORTED -> skipped = reason;
            default -> passed |= identifier.isTest();
        }
    }

    /** What it saw as a whole. */
    Seen seen() {
        if (failure != null) {
            return new Seen(Agrees.NO, failure);
        } else if (!started) {
            return new Seen(Agrees.UNKNOWN, "was not run");
        } else if (!ended) {
            return new Seen(Agrees.UNKNOWN, "did not end");
        }
        return passed ? new Seen(Agrees.YES, "") : new Seen(Agrees.UNKNOWN, "was skipped: " + skipped);
    }

    /** What it saw of one of its facts. */
    Seen seen(String fact) {
        String others = told(fact, "agrees", "false");
        // Else an assertion failed that belongs to no answer: to any of the facts that it has not told yet.
        String unexpected = answers.stream().filter(answer -> answer.get("expected").equals("false"))
                .map(answer -> answer.get("fact")).distinct().collect(Collectors.joining(" "));
        if (!others.isEmpty()) {
            return new Seen(Agrees.NO, failure == null || !unexpected.isEmpty() ? others : others + "; " + failure);
        }
        String same = told(fact, "agrees", "true");
        if (failure != null && !unexpected.isEmpty()) {
            return same.isEmpty() ? new Seen(Agrees.UNKNOWN, "the test ended at " + unexpected)
                    : new Seen(Agrees.YES, same);
        } else if (failure != null && !same.isEmpty() && facts.stream().anyMatch(this::isUntold)) {
            return new Seen(Agrees.YES, same);
        }
        Seen whole = seen();
        return whole.agrees() == Agrees.YES ? new Seen(Agrees.YES, same) : whole;
    }

    private boolean isUntold(String fact) {
        return answers.stream().noneMatch(answer -> answer.get("fact").equals(fact));
    }

    private String told(String fact, String key, String value) {
        return answers.stream().filter(answer -> answer.get("fact").equals(fact) && answer.get(key).equals(value))
                .map(answer -> answer.get("seen")).distinct().collect(Collectors.joining("; "));
    }

    /** In a line, and where in the test it was. */
    private String text(Throwable failure) {
        boolean ofJUnit = failure instanceof AssertionError || failure instanceof IncompleteExecutionException;
        String text = ofJUnit && failure.getMessage() != null ? failure.getMessage() : failure.toString();
        return text.replaceAll("\\s+", " ").strip() + Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().equals(test.getDeclaringClass().getName())).findFirst()
                .map(frame -> " (" + frame.getFileName() + ':' + frame.getLineNumber() + ')').orElse("");
    }
}
