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
package io.nettypipe.win32;

import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A test of what a system does, run on the real one or on models of several kinds. */
@PipeTest
@ParameterizedClass
@MethodSource("io.nettypipe.win32.ContractSystem#all")
abstract class ContractTest {
    @Parameter
    ContractSystem system;
    Rig rig;

    @BeforeEach
    final void open() {
        rig = new Rig(system);
    }

    @AfterEach
    final void close() {
        rig.close();
    }
}
