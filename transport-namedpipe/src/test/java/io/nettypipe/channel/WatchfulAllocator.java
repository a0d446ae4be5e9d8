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

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.model.ModelWin32;

import java.util.ArrayList;
import java.util.List;

/** Counts its buffers, and notes each that is released too often, or freed while the system owns it, instead of
 * freeing it. */
final class WatchfulAllocator extends AbstractByteBufAllocator {
    private final ModelWin32 model;
    final List<Throwable> freedTooEarly = new ArrayList<>();
    /** How many buffers are not freed. */
    int live;

    WatchfulAllocator(ModelWin32 model) {
        super(true);
        this.model = model;
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        live++;
        return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity) {
            @Override
            protected void deallocate() {
                live--;
                super.deallocate();
            }
        };
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        live++;
        return new Watched(initialCapacity, maxCapacity);
    }

    private final class Watched extends UnpooledDirectByteBuf {

        Watched(int initialCapacity, int maxCapacity) {
            super(WatchfulAllocator.this, initialCapacity, maxCapacity);
        }

        @Override
        public boolean release() {
            try {
                return super.release();
            } catch (IllegalReferenceCountException e) {
                freedTooEarly.add(e);
                throw e;
            }
        }

        @Override
        protected void deallocate() {
            live--;
            if (capacity() > 0 && model.owns(addressOfAll(), capacity())) {
                freedTooEarly.add(new Throwable("freed while the system owns it"));
            } else {
                super.deallocate();
            }
        }

        private long addressOfAll() {
            // Nobody may ask a released buffer, so it is asked as one that is not.
            resetRefCnt();
            long address = NativeMemory.address(this, 0);
            setRefCnt(0);
            return address;
        }
    }
}
