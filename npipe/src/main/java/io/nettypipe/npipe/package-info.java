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
 * A tool for who works with named pipes. {@link io.nettypipe.npipe.Npipe} is the program, and each of its commands a
 * class; {@code net} has the addresses that they listen on and connect to, {@code traffic} the handlers through which
 * bytes and messages go, {@code bench} what measures, and {@code system} the one system call that the transport does
 * not make.
 */
package io.nettypipe.npipe;
