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
package io.nettypipe.npipe.net;

import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeSecurity;

/**
 * Whom a server lets in, and what its pipe is.
 *
 * @param security     of a pipe
 * @param type         of a pipe
 * @param readMode     of a pipe
 * @param maxInstances of a pipe
 * @param everyUser    whether a Unix socket is every user's, and not this one's only
 * @param publicly     whether TCP may listen where other machines reach it
 */
public record Admission(NamedPipeSecurity security, NamedPipeMode type, NamedPipeMode readMode, int maxInstances,
                        boolean everyUser, boolean publicly) { }
