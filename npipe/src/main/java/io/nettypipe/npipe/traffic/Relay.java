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
package io.nettypipe.npipe.traffic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.nettypipe.npipe.net.Address;
import io.nettypipe.npipe.net.Loops;
import io.nettypipe.npipe.net.Target;

import java.util.function.Consumer;

/** What an accepted channel of a relay begins with: it connects to an address, and then both sides relay. */
public final class Relay extends ChannelInitializer<Channel> {
    private final Loops loops;
    private final Address address;
    private final Target target;
    private final long quietSeconds;
    private final Traffic traffic;
    private final Consumer<Throwable> connectFailed;
    private final Consumer<String> log;

    /**
     * Connects to nothing yet.
     *
     * @param address       what to connect to
     * @param quietSeconds  how long one side may say nothing once the other has ended and it cannot be told
     * @param traffic       counts
     * @param connectFailed told why there is no connection to the address; the accepted one is closed then
     * @param log           told who comes and leaves, and what else goes wrong
     */
    public Relay(Loops loops, Address address, Target target, long quietSeconds, Traffic traffic,
                 Consumer<Throwable> connectFailed, Consumer<String> log) {
        this.loops = loops;
        this.address = address;
        this.target = target;
        this.quietSeconds = quietSeconds;
        this.traffic = traffic;
        this.connectFailed = connectFailed;
        this.log = log;
    }

    @Override
    protected void initChannel(Channel accepted) {
        RelayedConnection connection = new RelayedConnection(traffic, quietSeconds, log);
        log.accept(accepted + " came");
        accepted.closeFuture().addListener(closed -> {
            connection.closed();
            log.accept(accepted + " is closed");
        });
        RelayHandler forth = new RelayHandler(connection, traffic.sent);
        RelayHandler back = new RelayHandler(connection, traffic.received);
        RelayHandler.join(forth, back);
        back.leadTo(accepted);
        ChannelFuture connect = address.connect(loops, accepted.eventLoop(), target, back);
        Channel connected = connect.channel();
        forth.leadTo(connected);
        connect.addListener(done -> accepted.eventLoop().execute(() -> {
            if (!done.isSuccess()) {
                connectFailed.accept(done.cause());
                accepted.close();
            } else if (!accepted.isActive()) {
                connected.close();
            } else {
                accepted.pipeline().addLast(forth);
                accepted.read();
                connected.read();
            }
        }));
    }
}
