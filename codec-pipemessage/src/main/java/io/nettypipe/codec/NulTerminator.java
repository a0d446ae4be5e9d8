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
package io.nettypipe.codec;

/**
 * What a {@link PipeStringDecoder} makes of a NUL at the end of a message. NULs elsewhere are characters like any
 * other, whatever is chosen here.
 */
public enum NulTerminator {
    /** The message must end with a NUL, which is not part of the string. */
    REQUIRED,
    /** If the message ends with a NUL, that one is not part of the string. */
    OPTIONAL,
    /** A NUL at the end is part of the string. */
    NONE
}
