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
 * What {@link NamedPipeSecurity.Builder#allow} lets a client do. Whoever may do it can also connect, set the read mode,
 * and read whose the pipe is. None of them includes FILE_CREATE_PIPE_INSTANCE, with which a client could serve, and
 * which {@code GENERIC_WRITE} has ("Named Pipe Security and Access Rights").
 */
public enum NamedPipeAccess {
    /** To receive; such a client opens with {@link NamedPipeDirection#INBOUND}. {@code FILE_GENERIC_READ}. */
    READ("0x120189"),
    /** To send; such a client opens with {@link NamedPipeDirection#OUTBOUND}. {@code FILE_GENERIC_WRITE}. */
    WRITE("0x120192"),
    /** Both, which is what a client asks for if it says nothing else. */
    READ_AND_WRITE("0x12019b");

    /**
     * In a security descriptor's text. FILE_WRITE_ATTRIBUTES, which {@code SetNamedPipeHandleState} asks for, and
     * FILE_READ_ATTRIBUTES, which {@code CreateFile} always does, are in each.
     */
    final String rights;

    NamedPipeAccess(String rights) {
        this.rights = rights;
    }
}
