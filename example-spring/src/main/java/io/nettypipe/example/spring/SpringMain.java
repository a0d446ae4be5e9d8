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

import io.nettypipe.reactor.NamedPipeLoopResources;
import io.nettypipe.reactor.NamedPipeReactor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import java.time.Duration;

/**
 * A Spring Boot server on a named pipe, and Spring's client of it.
 * <pre>
 * java -jar example-spring.jar --server.pipe=orders
 * java -jar example-spring.jar get http://orders.pipe/hello/world
 * </pre>
 */
@SpringBootApplication
public class SpringMain {
    /**
     * Serves until it is interrupted, or gets one URL and prints what it says.
     *
     * @param args {@code get URL}, or Spring's
     */
    public static void main(String[] args) {
        if (args.length == 2 && "get".equals(args[0])) {
            System.out.println(get(args[1]));
        } else {
            SpringApplication.run(SpringMain.class, args);
        }
    }

    /** Gets a URL of a pipe. */
    static String get(String url) {
        NamedPipeLoopResources loops = NamedPipeLoopResources.create("client", 1, true);
        try {
            WebClient client = WebClient.builder()
                    .clientConnector(new ReactorClientHttpConnector(NamedPipeReactor.httpClient(loops))).build();
            return client.get().uri(url).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(30));
        } finally {
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
        }
    }
}
