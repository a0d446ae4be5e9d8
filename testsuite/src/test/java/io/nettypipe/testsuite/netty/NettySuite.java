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
package io.nettypipe.testsuite.netty;

import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Marks a class of Netty's test suite. It runs in byte mode and then in message mode, each time with event loops of its
 * own: what it used is released with them. Message mode is left out where the build leaves out {@code @Tag("long")},
 * which it tells in {@value #EXCLUDED}.
 */
@Documented
@WindowsTest
@ClassTemplate
@ExtendWith(NettySuite.Modes.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface NettySuite {
    /** The tags of tests that are left out, as Surefire has them. */
    String EXCLUDED = "nettypipe.tests.excluded";

    /** Whether the class says anything of message mode. */
    boolean inMessageMode() default true;

    final class Modes implements ClassTemplateInvocationContextProvider {
        @Override
        public boolean supportsClassTemplate(ExtensionContext context) {
            return true;
        }

        @Override
        public Stream<Mode> provideClassTemplateInvocationContexts(ExtensionContext context) {
            Mode bytes = new Mode(NamedPipeMode.BYTE);
            boolean message = context.getRequiredTestClass().getAnnotation(NettySuite.class).inMessageMode()
                    && !System.getProperty(EXCLUDED, "").contains("long");
            return message ? Stream.of(bytes, new Mode(NamedPipeMode.MESSAGE)) : Stream.of(bytes);
        }
    }

    record Mode(NamedPipeMode mode) implements ClassTemplateInvocationContext,
            BeforeClassTemplateInvocationCallback, AfterClassTemplateInvocationCallback {
        @Override
        public String getDisplayName(int invocationIndex) {
            return mode.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public void beforeClassTemplateInvocation(ExtensionContext context) {
            PipePermutation.open(mode);
        }

        @Override
        public void afterClassTemplateInvocation(ExtensionContext context) {
            PipePermutation.close();
        }
    }
}
