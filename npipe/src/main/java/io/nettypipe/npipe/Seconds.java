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

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time on the command line: at least one second, at most a day. */
final class Seconds implements ITypeConverter<Integer> {
    private static final int MOST = 86_400;

    @Override
    public Integer convert(String text) {
        int seconds = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > MOST) {
            throw new TypeConversionException("'" + text + "' is no number of seconds from 1 to " + MOST);
        }
        return seconds;
    }
}
