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
'use strict';

// Node.js's server in the race: node race_server.js NAME serves the pipe NAME, which sends back what comes, and the sink
// NAME-bytes (see race.h). It has no pipes of message type.

const net = require('node:net');

const name = process.argv[2];

function echo(socket) {
    socket.pipe(socket);
}

function sink(socket) {
    let expected = null;
    let all = 0n;
    socket.on('data', data => {
        if (expected === null) {
            expected = data.readBigUInt64LE(0);
            all -= 8n;
        }
        all += BigInt(data.length);
        if (all >= expected) {
            const reply = Buffer.alloc(8);
            reply.writeBigUInt64LE(all);
            socket.write(reply);
        }
    });
}

for (const [suffix, serve] of [['', echo], ['-bytes', sink]]) {
    net.createServer(socket => {
        socket.on('error', () => socket.destroy());     // the client has gone
        serve(socket);
    }).listen('\\\\.\\pipe\\' + name + suffix);
}
