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
package io.nettypipe.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Marks a test class or method that calls Windows.
 * <p>
 * The build runs these in a second pass: on the host's own JVM where that is Windows, and in Wine elsewhere. It goes
 * beside {@code @Test} (or {@code @ParameterizedTest} and the like), or on a class whose tests all need Windows.
 */
@Documented
@Inherited
@Tag("windows")
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "needs Windows: run it with mvn verify -Dtest=..., which uses Wine")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface WindowsTest {
}
