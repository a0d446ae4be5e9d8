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
 * An event loop over an I/O completion port, for any overlapped handle.
 * <p>
 * {@link io.nettypipe.iocp.IocpIoHandler#newFactory()} is what an application uses of it:
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(IocpIoHandler.newFactory());
 * }</pre>
 * The other types are for the author of another kind of channel. An {@link io.nettypipe.iocp.OverlappedFile}
 * {@linkplain io.nettypipe.iocp.OverlappedFile#register registers} with the loop, {@linkplain
 * io.nettypipe.iocp.OverlappedFile#open joins} the loop's port with its handle, and {@linkplain
 * io.nettypipe.iocp.OverlappedFile#submit submits} {@link io.nettypipe.iocp.IocpIoOps}. An operation that ends at once
 * has its result in itself; the end of any other is told to its {@link io.nettypipe.iocp.IocpIoCompletion}. Until then
 * the operation's buffer belongs to the system, even if the operation was cancelled.
 */
package io.nettypipe.iocp;
