'use strict';
// What the programs here share. A test runs each as
//     node PROGRAM.js CONTROL-PORT PIPE ROLE [NUMBER...]
// and talks with it a line at a time over a loopback connection, because in Wine Node.js can write no pipe as its output.

const crypto = require('node:crypto');
const net = require('node:net');
const readline = require('node:readline');

const [port, pipe, role, ...numbers] = process.argv.slice(2);
const control = net.connect(Number(port), '127.0.0.1');
const lines = readline.createInterface({input: control})[Symbol.asyncIterator]();

/** Says a line to the test. */
function tell(line) {
    control.write(line + '\n');
}

/** Waits until the test says that line. */
async function hear(line) {
    const next = await lines.next();
    if (next.value !== line) {
        throw new Error(`heard ${next.value}, not ${line}`);
    }
}

/** Runs the role asked for. The process then ends by itself, unless something was left open. */
async function run(roles) {
    let finished = false;
    control.on('close', () => finished || process.exit(3));
    await roles[role](...numbers.map(Number));
    finished = true;
    control.end();
}

// The bytes that tests send: the same as in Pattern.java.
const PERIOD = 65521;
const CHUNK = 65536;
const table = Buffer.alloc(3 * PERIOD);
for (let i = 0; i < table.length; i++) {
    const at = i % PERIOD;
    table[i] = (at * at * 31 + at * 7 + (at >> 8)) & 255;
}

/** Some bytes of the sequence of that seed; at most CHUNK of them, not to be written to. */
function bytes(seed, from, length) {
    const start = (from + seed * 977) % PERIOD;
    return table.subarray(start, start + length);
}

/** That many bytes, in chunks. */
function* chunks(seed, size) {
    for (let from = 0; from < size; from += CHUNK) {
        yield bytes(seed, from, Math.min(CHUNK, size - from));
    }
}

/** Reads a stream to its end: how many bytes, and their SHA-256. */
async function digest(stream) {
    const hash = crypto.createHash('sha256');
    let size = 0;
    for await (const chunk of stream) {
        hash.update(chunk);
        size += chunk.length;
    }
    return `${size} ${hash.digest('hex')}`;
}

module.exports = {pipe, tell, hear, run, bytes, chunks, digest};
