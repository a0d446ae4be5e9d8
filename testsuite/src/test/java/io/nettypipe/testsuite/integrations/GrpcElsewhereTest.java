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
package io.nettypipe.testsuite.integrations;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** integration-grpc on a class path where there are no pipes. */
@DisabledOnOs(OS.WINDOWS)
class GrpcElsewhereTest {
    @Test
    void target_ofSchemePipe_saysWhyThereIsNoChannel() {
        String message = assertThrows(ManagedChannelRegistry.ProviderNotFoundException.class,
                () -> Grpc.newChannelBuilder("pipe:orders", InsecureChannelCredentials.create())).getMessage();
        assertTrue(message.contains("named pipes are not available: "), message);
    }

    @Test
    void target_thatIsNoPipe_isWhoseItWas() {
        Grpc.newChannelBuilder("dns:///localhost:1", InsecureChannelCredentials.create()).build().shutdownNow();
    }
}
