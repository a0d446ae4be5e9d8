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
package io.nettypipe.win32.model;

/**
 * What a system may do one way or another, and a program above it must not rely on. Called under the model's lock. The
 * methods as they are here make the plainest choice, so that a test is easy to follow.
 */
public interface Schedule {
    /** The plainest choices: everything ends as early as it can, and in order. */
    Schedule PLAIN = new Schedule() {
        @Override
        public String toString() {
            return "the plain schedule";
        }
    };

    /** Whether a call that can end at once does; if not, it answers pending, and its packet is queued already. */
    default boolean endsAtOnce() {
        return true;
    }

    /**
     * Whether a call that answers with a part of a message, or the control of a pipe, tells at once that it is over,
     * too. Windows 8 and later leave it to a packet, as far as is known.
     */
    default boolean tellsAllAtOnce() {
        return false;
    }

    /** Whether the result of an operation is written when the operation ends; if not, when its packet is dequeued. */
    default boolean writesEarly() {
        return true;
    }

    /** Whether a request to cancel takes effect only later, so that the operation may still be faster. */
    default boolean delaysCancel() {
        return false;
    }

    /** Whether a dequeue leaves for a later call the packets (or procedure calls) that there are. */
    default boolean holdsBack() {
        return false;
    }

    /** Which of {@code n} packets is dequeued next, from 0. */
    default int next(int n) {
        return 0;
    }

    /** Whether something that was delayed happens now. */
    default boolean runsDelayed() {
        return false;
    }
}
