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

import io.nettypipe.channel.NamedPipeAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A pipe on the command line. */
final class PipeName implements ITypeConverter<NamedPipeAddress> {
    @Override
    public NamedPipeAddress convert(String text) {
        try {
            return NamedPipeAddress.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is no name of a pipe: " + Failure.reason(e)
                    + "; give a name such as orders, or \\\\.\\pipe\\orders");
        }
    }
}
