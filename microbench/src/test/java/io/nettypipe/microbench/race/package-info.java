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
/**
 * The race of echo servers: {@link io.nettypipe.microbench.race.Race} starts ours and those of others, lets one client,
 * written in C, put the same loads on each of them in turns, and writes what came of it as a page and a picture. The
 * programs in other languages are in {@code src/interop}; {@code ./bench} in the root directory runs it all.
 */
package io.nettypipe.microbench.race;
