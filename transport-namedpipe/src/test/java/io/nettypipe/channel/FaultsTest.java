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
package io.nettypipe.channel;

import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Fails each system call of several scenarios in turn, with each error that its page names or that a lack of resources
 * brings. Whatever fails, all that was begun ends, with an {@link IOException} if at all; channels that had nothing to
 * do with it go on; their server still accepts; and the model finds no memory or handle misused or left.
 */
class FaultsTest {
    private static final int NOT_ENOUGH_MEMORY = 8;
    private static final int NO_SYSTEM_RESOURCES = 1450;
    private static final int BAD_NETPATH = 53;
    private static final int INVALID_USER_BUFFER = 1784;
    private static final int NOT_ENOUGH_QUOTA = 1816;

    private static final Map<String, int[]> ERRORS = new TreeMap<>(Map.of(
            "associate", new int[] {87, NO_SYSTEM_RESOURCES},
            "getQueuedCompletionStatusEx", new int[] {258, 192},
            "closeHandle", new int[] {6},
            "readFile", new int[] {109, 233, NOT_ENOUGH_MEMORY, INVALID_USER_BUFFER, NOT_ENOUGH_QUOTA},
            // The first is no lack of memory, after which a write would be tried again.
            "writeFile", new int[] {87, NOT_ENOUGH_MEMORY, INVALID_USER_BUFFER, NOT_ENOUGH_QUOTA},
            "fsControlFile", new int[] {2, 121, NO_SYSTEM_RESOURCES},
            "listen", new int[] {NO_SYSTEM_RESOURCES},
            "cancelIoEx", new int[] {1168},
            "createNamedPipe", new int[] {5, 231, NO_SYSTEM_RESOURCES},
            "createFile", new int[] {2, 5, 231, NO_SYSTEM_RESOURCES}));

    static Stream<Arguments> faults() {
        ERRORS.put("holdNamedPipe", new int[] {5, 231, NO_SYSTEM_RESOURCES});
        ERRORS.put("setNamedPipeHandleState", new int[] {5, 87});
        ERRORS.put("queryInformationFile", new int[] {5, NO_SYSTEM_RESOURCES});
        ERRORS.put("getNamedPipeInfo", new int[] {NO_SYSTEM_RESOURCES});
        // Of the documented errors of "DisconnectNamedPipe" and of what takes a handle from its port.
        ERRORS.put("dissociate", new int[] {1, 87, NO_SYSTEM_RESOURCES});
        ERRORS.put("disconnectNamedPipe", new int[] {233, NOT_ENOUGH_MEMORY, NO_SYSTEM_RESOURCES});
        ERRORS.put("waitNamedPipe", new int[] {2, BAD_NETPATH, 121, NO_SYSTEM_RESOURCES});
        ERRORS.put("postQueuedCompletionStatus", new int[] {NO_SYSTEM_RESOURCES});
        return Stream.of(FaultScenario.values()).flatMap(scenario -> ERRORS.entrySet().stream()
                .flatMap(method -> IntStream.of(method.getValue())
                        .mapToObj(error -> Arguments.of(scenario, method.getKey(), error))));
    }

    @ParameterizedTest(name = "{0}: {1} fails with {2}")
    @MethodSource("faults")
    @Timeout(120)
    void anyCall_failing_endsWhatItWasPartOfAndNothingElse(FaultScenario scenario, String method, int error)
            throws Exception {
        for (int n = 1; runWithFault(scenario, method, n, error); n++) {
            assertTrue(n < 200, "ever more calls");
        }
    }

    /** Returns whether there was an {@code n}th call. */
    private static boolean runWithFault(FaultScenario scenario, String method, int n, int error) throws Exception {
        ModelWin32 model = new ModelWin32();
        FaultyWin32 faulty = new FaultyWin32(model);
        boolean reached;
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serve()) {
            Peer bystander = pipes.connect();
            Peer served = pipes.accept();
            ReadTest.flushLoop(bystander);
            ReadTest.flushLoop(served);
            FaultRun run = new FaultRun(pipes, faulty);
            faulty.arm(method, n, error);
            scenario.run(run);
            run.end();
            reached = faulty.disarm();
            for (Throwable failure : run.failures) {
                assertTrue(failure instanceof IOException, () -> "call " + n + ": not a clear failure: " + failure);
            }
            bystander.send("there?").sync();
            assertEquals("there?", served.readText(6));
            pipes.connect().send("open?").sync();
            assertEquals("open?", pipes.accept().readText(5));
        } catch (Throwable t) {
            throw new AssertionError("with the failure of call " + n + " of " + method, t);
        }
        model.verify();
        return reached;
    }
}
