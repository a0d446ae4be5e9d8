'use strict';
// A client and a server of node:http. The requests that they know are those of HttpService.java.

const assert = require('node:assert');
const http = require('node:http');
const {once} = require('node:events');
const {Readable} = require('node:stream');
const {pipeline} = require('node:stream/promises');
const {pipe, tell, hear, run, chunks, digest} = require('./program.js');

/** Sends a request with a body, if there is one, and returns the answer, of which nothing is read yet. */
async function ask(agent, method, path, body) {
    const request = http.request({socketPath: pipe, agent, method, path});
    const answered = once(request, 'response');
    if (body === undefined) {
        request.end();
    } else {
        await pipeline(body, request);
    }
    const [response] = await answered;
    assert.strictEqual(response.statusCode, 200);
    return response;
}

async function bodyOf(response) {
    const parts = [];
    for await (const part of response) {
        parts.push(part);
    }
    return Buffer.concat(parts);
}

async function client(agent, id, requests) {
    for (let i = 0; i < requests; i++) {
        const size = (i * 997) % 5000;
        const expected = Buffer.concat([...chunks(1, size)]);
        const got = await ask(agent, 'GET', `/bytes/${size}`);
        assert.strictEqual(got.headers['content-length'], String(size));
        assert.ok(expected.equals(await bodyOf(got)), `GET ${size} of client ${id}`);
        const echoed = await ask(agent, 'POST', '/echo', Readable.from(chunks(id, size)));
        assert.strictEqual(echoed.headers['transfer-encoding'], 'chunked');
        assert.ok(Buffer.concat([...chunks(id, size)]).equals(await bodyOf(echoed)), `POST ${size} of client ${id}`);
    }
}

async function serveRequest(request, response) {
    const [, what, size] = request.url.split('/');
    if (what === 'bytes') {
        response.setHeader('Content-Length', size);
        await pipeline(Readable.from(chunks(1, Number(size))), response);
    } else if (what === 'echo') {
        await pipeline(request, response);
    } else if (what === 'digest') {
        response.end(await digest(request));
    } else if (what === 'destroy') {
        response.setHeader('Content-Length', 1000);
        response.write('x', () => request.socket.destroy());
    }
}

run({
    /** Each with a connection of its own, which it keeps. */
    async clients(count, requests) {
        const agents = Array.from({length: count}, () => new http.Agent({keepAlive: true, maxSockets: 1}));
        await Promise.all(agents.map((agent, id) => client(agent, id, requests)));
        agents.forEach((agent) => agent.destroy());
        tell(`answered ${2 * count * requests}`);
    },

    async upload(size) {
        const response = await ask(undefined, 'POST', '/digest', Readable.from(chunks(1, size)));
        tell(`answered ${await bodyOf(response)}`);
    },

    async download(size) {
        tell(`received ${await digest(await ask(undefined, 'GET', `/bytes/${size}`))}`);
    },

    /** Goes away in the middle of an answer. */
    async destroy(size) {
        const response = await ask(undefined, 'GET', `/bytes/${size}`);
        await once(response, 'readable');
        response.destroy();
        tell('destroyed');
    },

    async server() {
        const server = http.createServer((request, response) => serveRequest(request, response));
        server.listen(pipe);
        await once(server, 'listening');
        tell('listening');
        await hear('stop');
        server.close();
        await once(server, 'close');
    },
});
