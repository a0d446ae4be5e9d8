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

import com.sun.jna.Pointer;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;

import java.nio.charset.StandardCharsets;

/** What {@code NtQueryInformationFile} answers. */
final class FileInformation {
    /** FILE_SYNCHRONOUS_IO_NONALERT, what {@code CreateFile} makes of a handle without FILE_FLAG_OVERLAPPED. */
    private static final int SYNCHRONOUS = 0x20;

    private FileInformation() {
    }

    static int query(Kernel kernel, KernelObject object, int informationClass, Pointer answer, int length) {
        if (object == null || object instanceof CompletionPort || object instanceof TokenObject) {
            return Win32Error.ERROR_INVALID_HANDLE;
        }
        if (!(object instanceof PipeEnd)) {
            // The driver of pipes knows of none of this but for its pipes.
            return NtStatus.toError(kernel.personality.refusalOfQuestionsToDevice());
        }
        PipeEnd end = (PipeEnd) object;
        switch (informationClass) {
            // These two the system answers without the driver.
            case PipeFlags.FILE_ACCESS_INFORMATION:
                answer.setInt(0, end.access());
                return Win32Error.ERROR_SUCCESS;
            case PipeFlags.FILE_MODE_INFORMATION:
                answer.setInt(0, end.synchronous ? SYNCHRONOUS : 0);
                return Win32Error.ERROR_SUCCESS;
            default:
                return end.isDetached() ? Win32Error.ERROR_PIPE_NOT_CONNECTED
                        : ofPipe(end, informationClass, answer, length);
        }
    }

    private static int ofPipe(PipeEnd end, int informationClass, Pointer answer, int length) {
        if (informationClass == PipeFlags.FILE_NAME_INFORMATION) {
            return name(end, answer, length);
        }
        if (!end.grants(AccessRights.READ_ATTRIBUTES)) {
            return Win32Error.ERROR_ACCESS_DENIED;
        }
        switch (informationClass) {
            case PipeFlags.FILE_PIPE_INFORMATION:
                answer.setInt(0, end.readsMessages() ? 1 : 0);
                answer.setInt(4, 0);
                return Win32Error.ERROR_SUCCESS;
            case PipeFlags.FILE_PIPE_LOCAL_INFORMATION:
                int[] information = end.localInformation();
                for (int i = 0; i < information.length; i++) {
                    answer.setInt(4L * i, information[i]);
                }
                return Win32Error.ERROR_SUCCESS;
            default:
                throw new IllegalArgumentException("the model has no information of class " + informationClass);
        }
    }

    private static int name(PipeEnd end, Pointer answer, int length) {
        byte[] name = ('\\' + end.instance.pipe.name).getBytes(StandardCharsets.UTF_16LE);
        answer.setInt(0, name.length);
        int fits = Math.min(name.length, length - 4);
        answer.write(4, name, 0, fits);
        return fits < name.length ? Win32Error.ERROR_MORE_DATA : Win32Error.ERROR_SUCCESS;
    }
}
