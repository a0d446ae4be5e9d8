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
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole of Spring Boot on a pipe, and its WebClient. */
@WindowsTest
@Tag("long")
@Timeout(180)
class SpringMainTest {
    /** Whose libraries are there, and whose loggers are not. */
    private static final String LOGGING = "org.springframework.boot.logging.LoggingSystem";

    @BeforeAll
    static void leaveLoggingAlone() {
        System.setProperty(LOGGING, "none");
    }

    @AfterAll
    static void forget() {
        System.clearProperty(LOGGING);
    }

    @Test
    void webClient_byTheUrlOfAPipe_reachesTheApplication() {
        String pipe = NamedPipeAddress.ephemeral().name();
        try (ConfigurableApplicationContext application = SpringApplication.run(SpringMain.class,
                "--server.pipe=" + pipe, "--spring.main.banner-mode=off")) {
            assertEquals("Hello, world!", SpringMain.get("http://" + pipe + ".pipe/hello/world"));
            String user = SpringMain.get("http://" + pipe + ".pipe/whoami");
            assertTrue(user.contains("S-1-"), user);
            assertTrue(application.isActive());
        }
    }
}
