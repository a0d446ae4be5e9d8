'use strict';
// Clients and servers of node:net.

const assert = require('node:assert');
const net = require('node:net');
const {once} = require('node:events');
const {Readable} = require('node:stream');
const {pipeline} = require('node:stream/promises');
const {pipe, tell, hear, run, bytes, chunks, digest} = require('./program.js');

const all = (count, task) => Promise.all(Array.from({length: count}, (_, i) => task(i)));

async function connect(options) {
    const socket = net.connect({path: pipe, ...options});
    await once(socket, 'connect');
    return socket;
}

/** Serves until the test says "stop" and every connection has ended; what the handler returns is told. */
async function serve(handler, options) {
    const server = net.createServer(options, async (socket) => {
        const said = await handler(socket);
        if (said !== undefined) {
            tell(said);
        }
    });
    server.listen(pipe);
    await once(server, 'listening');
    tell('listening');
    await hear('stop');
    server.close();
    await once(server, 'close');
}

/** Reads exactly so many bytes, and leaves the socket as it is. */
async function read(socket, size) {
    const parts = [];
    let length = 0;
    while (length < size) {
        const part = socket.read();
        if (part === null) {
            assert.ok(!socket.readableEnded, `ended after ${length} of ${size} bytes`);
            await once(socket, 'readable');
        } else {
            parts.push(part);
            length += part.length;
        }
    }
    return Buffer.concat(parts);
}

async function exchange(socket, seed, size) {
    const expected = Buffer.concat([...chunks(seed, size)]);
    for (let from = 0, step = 1; from < size; from += step, step = (step * 3) % 20011) {
        socket.write(expected.subarray(from, from + step));
    }
    assert.ok(expected.equals(await read(socket, size)), 'the echo differs');
}

function sourceOf(seed, size, socket) {
    return pipeline(Readable.from(chunks(seed, size)), socket);
}

/** Writes without end, until the peer leaves; then the write that was under way, if one was, has failed. */
async function flood(socket) {
    socket.on('error', (error) => assert.ok(['EPIPE', 'EOF'].includes(error.code), error));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    for (let from = 0; !socket.destroyed; from += 8192) {
        if (!socket.write(bytes(0, from, 8192))) {
            await Promise.race([closed, new Promise((drained) => socket.once('drain', drained))]);
        }
    }
    await closed;
    return 'closed';
}

run({
    async echoClients(count, size) {
        const sockets = await all(count, () => connect());
        await all(count, (seed) => exchange(sockets[seed], seed, size));
        await all(count, async (seed) => {
            sockets[seed].end();
            sockets[seed].resume();
            await once(sockets[seed], 'close');
        });
        tell(`echoed ${count}`);
    },

    async echoServer() {
        await serve((socket) => { socket.pipe(socket); });
    },

    async upload(size) {
        await sourceOf(1, size, await connect());
    },

    async download() {
        tell(`received ${await digest(await connect())}`);
    },

    async uploadServer() {
        await serve(async (socket) => `received ${await digest(socket)}`);
    },

    async downloadServer(size) {
        await serve((socket) => sourceOf(1, size, socket));
    },

    /** Each write of its own, and each awaited. */
    async writes(count) {
        const socket = await connect();
        for (let i = 0; i < count; i++) {
            await new Promise((written) => socket.write(bytes(i, 0, i + 1), written));
        }
        socket.end();
        await once(socket, 'close');
    },

    /** Ends its side at once, and reads an answer nevertheless. */
    async endFirst(size, answer) {
        const socket = await connect({allowHalfOpen: true});
        socket.end(Buffer.concat([...chunks(1, size)]));
        tell('ended');
        assert.ok((await read(socket, answer)).equals(Buffer.concat([...chunks(2, answer)])), 'the answer differs');
        tell('answered');
        socket.resume();
        await once(socket, 'close');
        tell('closed');
    },

    /** Says goodbye on each connection, and ends it. */
    async endingServer(size) {
        await serve((socket) => { socket.resume().end(Buffer.concat([...chunks(1, size)])); });
    },

    async destroyedClient(size) {
        const socket = await connect();
        await new Promise((written) => socket.write(bytes(1, 0, size), written));
        tell('written');
        await hear('destroy');
        socket.destroy();
        await once(socket, 'close');
        tell('closed');
    },

    /** Destroys the connection that says "x"; echoes on others. */
    async destroyingServer() {
        await serve((socket) => {
            socket.on('data', (data) => {
                if (data.equals(Buffer.from('x'))) {
                    socket.destroy();
                } else {
                    socket.write(data);
                }
            });
        });
    },

    async floodingClient() {
        tell(await flood(await connect()));
    },

    async floodingServer() {
        await serve(flood);
    },

    /** Reads nothing, until it is killed. */
    async deafClient() {
        const socket = await connect();
        socket.pause();
        tell('connected');
        await hear('never');
    },
});
