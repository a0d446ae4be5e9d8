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

/**
 * Marks a test class that needs named pipes, but not Windows.
 * <p>
 * The build runs these twice: on the model of the system ({@code io.nettypipe.win32.model}) with all other tests, on
 * any operating system; and on real pipes with those that are {@link WindowsTest}s. They take the system from
 * {@code io.nettypipe.win32.model.TestSystem}.
 */
@Documented
@Inherited
@Tag("pipes")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface PipeTest {
}
