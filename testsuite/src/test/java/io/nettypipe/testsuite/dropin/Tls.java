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
package io.nettypipe.testsuite.dropin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** TLS 1.3 with a certificate made for the tests, and either HTTP/2 or nothing negotiated. */
final class Tls {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String HOST = "localhost";
    private static final SslContext SERVER;
    private static final SslContext CLIENT;

    static {
        try {
            X509Bundle bundle = new CertificateBuilder().ecp256().subject("CN=" + HOST).addSanDnsName(HOST)
                    .setIsCertificateAuthority(true).buildSelfSigned();
            SERVER = SslContextBuilder.forServer(bundle.toKeyManagerFactory()).sslProvider(SslProvider.JDK)
                    .protocols(TLS_1_3).applicationProtocolConfig(http2()).build();
            CLIENT = SslContextBuilder.forClient().trustManager(bundle.toTrustManagerFactory())
                    .sslProvider(SslProvider.JDK).protocols(TLS_1_3).applicationProtocolConfig(http2()).build();
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Tls() {
    }

    private static ApplicationProtocolConfig http2() {
        return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    }

    static void server(Channel channel) {
        channel.pipeline().addLast(SERVER.newHandler(channel.alloc()));
    }

    static void client(Channel channel) {
        channel.pipeline().addLast(CLIENT.newHandler(channel.alloc(), HOST, 443));
    }

    /** The version that the channel speaks, {@code null} without TLS. */
    static String version(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null ? null : handler.engine().getSession().getProtocol();
    }

    static boolean isExpected(Channel channel, boolean tls) {
        return tls ? TLS_1_3.equals(version(channel)) : version(channel) == null;
    }
}
