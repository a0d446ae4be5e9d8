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

// .NET's server in the race: asynchronous named pipes, an await for each read and each write.
//     dotnet RaceServer.dll NAME
// serves the pipe NAME, which sends back what comes, and the sinks NAME-bytes and NAME-messages (see race.h).

using System;
using System.IO;
using System.IO.Pipes;
using System.Threading.Tasks;

static class RaceServer
{
    const int Quota = 65536;
    const int Listening = 64;

    static void Main(string[] args)
    {
        for (int i = 0; i < Listening; i++)
        {
            Accept(args[0], PipeTransmissionMode.Byte, Echo);
            Accept(args[0] + "-bytes", PipeTransmissionMode.Byte, Sink);
            Accept(args[0] + "-messages", PipeTransmissionMode.Message, Sink);
        }
        new TaskCompletionSource<bool>().Task.Wait();
    }

    /// One instance at a time listens, and is served as soon as a client has come.
    static async void Accept(string name, PipeTransmissionMode mode, Func<PipeStream, Task> serve)
    {
        while (true)
        {
            var server = new NamedPipeServerStream(name, PipeDirection.InOut,
                NamedPipeServerStream.MaxAllowedServerInstances, mode, PipeOptions.Asynchronous, Quota, Quota);
            bool connected = true;
            try
            {
                await server.WaitForConnectionAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                connected = false;  // it has left already
            }
            if (connected)
            {
                _ = Serve(server, serve);
            }
            else
            {
                server.Dispose();
            }
        }
    }

    static async Task Serve(PipeStream stream, Func<PipeStream, Task> serve)
    {
        try
        {
            await serve(stream).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // the client has gone in the midst of it
        }
        finally
        {
            stream.Dispose();
        }
    }

    static async Task Echo(PipeStream stream)
    {
        Memory<byte> buffer = new byte[Quota];
        int got;
        while ((got = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            await stream.WriteAsync(buffer.Slice(0, got)).ConfigureAwait(false);
        }
    }

    static async Task Sink(PipeStream stream)
    {
        Memory<byte> buffer = new byte[Quota];
        int got = await stream.ReadAsync(buffer).ConfigureAwait(false);
        if (got < 8)
        {
            return;
        }
        long expected = BitConverter.ToInt64(buffer.Span);
        long all = got - 8;
        while (all < expected && (got = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            all += got;
        }
        await stream.WriteAsync(BitConverter.GetBytes(all)).ConfigureAwait(false);
        await stream.ReadAsync(buffer).ConfigureAwait(false);   // the client closes first
    }
}
