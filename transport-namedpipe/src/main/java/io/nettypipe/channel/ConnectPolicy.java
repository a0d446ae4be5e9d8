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
package io.nettypipe.channel;

/**
 * What a client does when it cannot be connected now and could be later: {@link NamedPipeChannelOption#CONNECT_POLICY}.
 * What is waited for is waited for until the connect timeout is over or the attempt is cancelled.
 */
public enum ConnectPolicy {
    /**
     * The attempt fails at once with a {@link java.net.ConnectException}: if all instances are busy ({@code
     * ERROR_PIPE_BUSY} of {@code CreateFile}), and if there is no pipe of that name ({@code ERROR_FILE_NOT_FOUND}).
     */
    FAIL,
    /**
     * While all instances are busy it waits for a free one ({@code FSCTL_PIPE_WAIT}, {@code WaitNamedPipe}), as {@code
     * NMPWAIT_WAIT_FOREVER} would; a pipe that the system cannot wait for, as in containers, is looked at as an absent
     * one is by {@link #WAIT}. If there is no pipe it fails.
     */
    WAIT_WHEN_BUSY,
    /**
     * It waits for a free instance, and for a server that is not there yet, too. Windows tells nobody that a name came
     * to be, so the transport looks again after 20 ms, and less and less often until it looks every 250 ms.
     */
    WAIT
}
