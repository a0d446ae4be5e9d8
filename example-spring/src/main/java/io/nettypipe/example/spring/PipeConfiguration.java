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
package io.nettypipe.example.spring;

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.reactor.NamedPipeLoopResources;
import io.nettypipe.reactor.NamedPipeReactor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the web server on the pipe {@code server.pipe} instead of a port. */
@Configuration(proxyBeanMethods = false)
class PipeConfiguration {
    @Bean(destroyMethod = "dispose")
    NamedPipeLoopResources pipeLoops() {
        return NamedPipeLoopResources.create("pipe");
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> pipeCustomizer(NamedPipeLoopResources loops,
            @Value("${server.pipe:spring}") String name) {
        NamedPipeAddress pipe = NamedPipeAddress.of(name);
        return factory -> {
            // Its event loops are TCP's, which the factory would set again after the customizer below.
            factory.setResourceFactory(null);
            factory.addServerCustomizers(server -> NamedPipeReactor.on(server, loops, pipe));
        };
    }
}
