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
 * Named pipes, overlapped operations and completion ports in memory: a second implementation of {@link
 * io.nettypipe.win32.Win32}, so that everything above that seam runs on any operating system.
 * <p>
 * {@link io.nettypipe.win32.model.ModelWin32} answers the calls. It keeps the system's side of the memory law: it
 * writes into an OVERLAPPED and a buffer only while it owns them, and it records whatever its caller does to memory
 * or handles against the law. Where a real system may answer one way or another, a {@link
 * io.nettypipe.win32.model.Schedule} chooses; where Windows and Wine are known to differ, a {@link
 * io.nettypipe.win32.model.Personality} does.
 */
package io.nettypipe.win32.model;
