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
 * What the system tells of a pipe, for {@code npipe list} and {@code npipe info}. It is asked with the transport's own
 * calls, {@code io.nettypipe.win32}, but for the directory of the pipes, which has a binding to JNA here: a transport
 * has no use for it, and what it answers belongs neither into the interface of the system calls, of which there is a
 * model of each, nor into what all programs load that only send and receive. Nothing else of the tool sees JNA.
 */
package io.nettypipe.npipe.system;
