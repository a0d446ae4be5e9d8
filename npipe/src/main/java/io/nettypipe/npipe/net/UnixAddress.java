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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Unix socket.
 *
 * @param path its file
 */
public record UnixAddress(Path path) implements Address {

    static UnixAddress parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("'unix:' lacks the path of the socket; give unix:PATH");
        }
        return new UnixAddress(Path.of(text));
    }

    @Override
    public Throwable unavailabilityCause() {
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
            return null;
        } catch (IOException | UnsupportedOperationException e) {
            return e;
        }
    }

    @Override
    public Listening listen(Loops loops, Admission admission, ChannelHandler child)
            throws IOException, InterruptedException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString(), null, "there is such a file");
        }
        ServerChannel server = FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? bindPrivately(loops, admission, child) : bind(path, loops, child);
        server.closeFuture().addListener(closed -> Files.deleteIfExists(path));
        return new Listening(server, this);
    }

    /**
     * Binds it in a folder that is this user's only and moves it to where it belongs when it has its permissions:
     * whoever may write to the socket may connect, and for a moment a socket has those that the system gives it.
     */
    private ServerChannel bindPrivately(Loops loops, Admission admission, ChannelHandler child)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(path.toAbsolutePath().getParent(), ".npipe");
        try {
            Path made = folder.resolve("s");
            ServerChannel server = bind(made, loops, child);
            Files.setPosixFilePermissions(made,
                    PosixFilePermissions.fromString(admission.everyUser() ? "rw-rw-rw-" : "rw-------"));
            Files.move(made, path);
            return server;
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private static ServerChannel bind(Path path, Loops loops, ChannelHandler child) throws InterruptedException {
        return (ServerChannel) Bootstraps.server(loops.sockets(), UnixServerChannel.class, child)
                .bind(UnixDomainSocketAddress.of(path)).sync().channel();
    }

    @Override
    public ChannelFuture connect(Loops loops, EventLoop near, Target target, ChannelHandler handler) {
        return Bootstraps.client(Loops.near(near, loops.sockets()), UnixSocketChannel.class, target, handler)
                .connect(UnixDomainSocketAddress.of(path));
    }

    @Override
    public String toString() {
        return "unix:" + path;
    }
}
