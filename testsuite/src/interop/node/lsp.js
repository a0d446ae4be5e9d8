'use strict';
// An editor, with the library that VS Code speaks to language servers with.

const rpc = require('vscode-jsonrpc/node');
const {pipe, tell, run} = require('./program.js');

/** Asks how many words a text has, and says goodbye. */
async function ask([reader, writer]) {
    const connection = rpc.createMessageConnection(reader, writer);
    const closed = new Promise((resolve) => connection.onClose(resolve));
    connection.listen();
    const uri = 'file:///words';
    const {serverInfo} = await connection.sendRequest('initialize', {processId: process.pid, rootUri: null, capabilities: {}});
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('textDocument/didOpen',
        {textDocument: {uri, languageId: 'plaintext', version: 1, text: 'words \u00fc '.repeat(1000)}});
    const {contents} = await connection.sendRequest('textDocument/hover',
        {textDocument: {uri}, position: {line: 0, character: 0}});
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await closed;
    tell(`${serverInfo.name}, ${contents.value}, closed`);
    connection.dispose();
}

run({
    /** The language server has made the pipe. */
    async connecting() {
        await ask(rpc.createServerPipeTransport(pipe));
    },

    /** As vscode-languageclient does with TransportKind.pipe: it makes the pipe, and then starts the server. */
    async listening() {
        const transport = await rpc.createClientPipeTransport(pipe);
        tell('listening');
        await ask(await transport.onConnected());
    },
});
