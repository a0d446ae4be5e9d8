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
 *
 * <h2>Event loops</h2>
 * {@link io.nettypipe.iocp.IocpIoHandler#newFactory()} is what an application uses of it. The factory has the counts of
 * each loop:
 * <pre>{@code
 * IocpIoHandlerFactory factory = IocpIoHandler.newFactory();
 * EventLoopGroup loops = new MultiThreadIoEventLoopGroup(factory);
 *
 * for (IocpIoMetrics loop : factory.metrics()) {                           // any thread
 *     System.out.println(loop.outstandingOperations() + " operations outstanding");
 * }
 * }</pre>
 *
 * <h2>Another kind of file</h2>
 * The other types are for the author of another kind of channel: a serial port, a mailslot, a device. An
 * {@link io.nettypipe.iocp.OverlappedFile} {@linkplain io.nettypipe.iocp.OverlappedFile#register registers} with the
 * loop, {@linkplain io.nettypipe.iocp.OverlappedFile#open joins} the loop's port with its handle, and
 * {@linkplain io.nettypipe.iocp.OverlappedFile#submit submits} {@link io.nettypipe.iocp.IocpIoOps}. An operation that
 * ends at once has its result in itself; the end of any other is told to its
 * {@link io.nettypipe.iocp.IocpIoCompletion}. Until then the operation's buffer belongs to the system, even if the
 * operation was cancelled.
 * <pre>{@code
 * OverlappedFile file = new OverlappedFile(handle);                        // opened with FILE_FLAG_OVERLAPPED
 * ByteBuf buffer = Unpooled.directBuffer(4096);
 * IocpIoCompletion ended = read -> {
 *     System.out.println("error " + read.error() + ", " + read.bytesTransferred() + " bytes");
 *     buffer.release();                                                    // ours again
 *     file.close();
 * };
 * IoEventLoop loop = (IoEventLoop) group.next();
 * file.register(loop).addListener(registered -> {                          // on the loop's thread
 *     IocpIoRegistration registration = file.registration();
 *     int error = file.join();                                             // the handle is the port's from now on
 *     IocpIoOps read = IocpIoOps.read(ended);
 *     if (error == 0 && registration.isValid()
 *             && !file.submit(read, buffer.memoryAddress(), buffer.capacity())) {
 *         ended.completed(read);                                           // it has ended already
 *     }
 * });
 * }</pre>
 * A file is an {@link io.nettypipe.iocp.IocpIoHandle}, which is all that the loop asks of what registers with it: what
 * is more than a file with operations of its own implements that.
 * <pre>{@code
 * boolean takes = ((IoEventLoopGroup) group).isCompatible(IocpIoHandle.class);
 * }</pre>
 */
package io.nettypipe.iocp;
