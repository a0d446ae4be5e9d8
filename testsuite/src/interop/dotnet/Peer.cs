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

// .NET's named pipes, for tests to talk to. A test runs
//     dotnet Peer.dll CONTROL-PORT
// which connects to it and waits for one line, of words NAME=VALUE: which end of which pipe to be, and what to do there
// (see Job). That job has the connection to itself, to talk with the test a line at a time, and the program opens
// another for the next, until nobody listens there any more.

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Principal;
using System.Threading;
using System.Threading.Tasks;

static class Peer
{
    static void Main(string[] args)
    {
        while (true)
        {
            var talk = new Talk();
            string line = talk.Begin(int.Parse(args[0]));
            if (line == null)
            {
                return;
            }
            new Thread(() => Run(talk, line)) { IsBackground = true }.Start();
        }
    }

    static void Run(Talk talk, string line)
    {
        try
        {
            new Job(talk, line).Run();
        }
        catch (Exception e)
        {
            talk.Say("failed: " + e.ToString().Replace("\r", "").Replace('\n', '|'));
        }
        talk.End();
    }
}

/// The lines between a job and its test.
sealed class Talk
{
    readonly TcpClient connection = new TcpClient(AddressFamily.InterNetwork);
    StreamReader reader;
    StreamWriter writer;

    /// Connects, and returns the first line, or null if there will be none.
    internal string Begin(int port)
    {
        try
        {
            connection.Connect(IPAddress.Loopback, port);
            reader = new StreamReader(connection.GetStream());
            writer = new StreamWriter(connection.GetStream()) { NewLine = "\n", AutoFlush = true };
            return reader.ReadLine();
        }
        catch (Exception e) when (e is SocketException || e is IOException)
        {
            return null;
        }
    }

    internal void Say(string line)
    {
        lock (this)
        {
            writer.WriteLine(line);
        }
    }

    internal void Hear(string expected)
    {
        string line = reader.ReadLine();
        if (line != expected)
        {
            throw new InvalidDataException("heard " + line + ", not " + expected);
        }
    }

    internal void End()
    {
        connection.Dispose();
    }
}

/// The bytes that tests send: the same as in Pattern.java.
static class Pattern
{
    internal const int Chunk = 65536;
    const int Period = 65521;
    static readonly byte[] table = Table();

    static byte[] Table()
    {
        var bytes = new byte[3 * Period];
        for (int i = 0; i < bytes.Length; i++)
        {
            long at = i % Period;
            bytes[i] = (byte)(at * at * 31 + at * 7 + (at >> 8));
        }
        return bytes;
    }

    /// At most Chunk bytes of the sequence of that seed.
    internal static ReadOnlySpan<byte> Bytes(int seed, long from, int length)
    {
        return new ReadOnlySpan<byte>(table, (int)((from + seed * 977L) % Period), length);
    }

    internal static byte[] Array(int seed, int size)
    {
        var array = new byte[size];
        for (int from = 0; from < size; from += Chunk)
        {
            int length = Math.Min(Chunk, size - from);
            Bytes(seed, from, length).CopyTo(array.AsSpan(from));
        }
        return array;
    }

    internal static void Check(int seed, long from, ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += Chunk)
        {
            int length = Math.Min(Chunk, bytes.Length - at);
            if (!bytes.Slice(at, length).SequenceEqual(Bytes(seed, from + at, length)))
            {
                throw new InvalidDataException("other bytes than were sent, after " + (from + at));
            }
        }
    }
}

/// What the line asks for:
///     role       client or server; or self, which says the user and the owner of this process's token
///     pipe       the name
///     type       Byte or Message; a client reads messages then
///     handles    Synchronous or Asynchronous
///     direction  InOut, unless it says In or Out
///     options    more PipeOptions
///     level      of a client: a TokenImpersonationLevel
///     buffers    of a server: how many bytes of either have room, 0 unless it says so
///     count      so many clients at once
///     reuse      so many clients one after another, on one NamedPipeServerStream
///     verb       one of the methods under "verbs"
///     seed, size, sizes    of what that sends
sealed class Job
{
    readonly Talk talk;
    readonly Dictionary<string, string> words;
    readonly bool messages;
    readonly bool asynchronous;

    internal Job(Talk talk, string line)
    {
        this.talk = talk;
        words = line.Split(' ').ToDictionary(
            word => word.Substring(0, word.IndexOf('=')), word => word.Substring(word.IndexOf('=') + 1));
        messages = Get<PipeTransmissionMode>("type", "Byte") == PipeTransmissionMode.Message;
        asynchronous = Get("handles", "") == "Asynchronous";
    }

    string Get(string name, string otherwise)
    {
        return words.TryGetValue(name, out string value) ? value : otherwise;
    }

    T Get<T>(string name, string otherwise) where T : struct
    {
        return (T)Enum.Parse(typeof(T), Get(name, otherwise));
    }

    int Number(string name, int otherwise)
    {
        return int.Parse(Get(name, otherwise.ToString()));
    }

    PipeOptions Options
    {
        get { return Get<PipeOptions>("options", "None") | (asynchronous ? PipeOptions.Asynchronous : 0); }
    }

    PipeDirection Direction
    {
        get { return Get<PipeDirection>("direction", "InOut"); }
    }

    internal void Run()
    {
        if (words["role"] == "self")
        {
            Introduce();
            return;
        }
        int count = Number("count", 1);
        int reuse = Number("reuse", 0);
        if (words["role"] == "client")
        {
            AtOnce(Enumerable.Repeat<Action>(() => Use(Client()), count));
        }
        else if (reuse > 0)
        {
            ServeInTurn(reuse);
        }
        else
        {
            AtOnce(Servers(count));
        }
    }

    /// Each on a thread of its own, begun as soon as it comes; fails with the first failure.
    static void AtOnce(IEnumerable<Action> actions)
    {
        var failures = new List<Exception>();
        var threads = new List<Thread>();
        foreach (Action action in actions)
        {
            var thread = new Thread(() =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    lock (failures)
                    {
                        failures.Add(e);
                    }
                }
            }) { IsBackground = true };
            thread.Start();
            threads.Add(thread);
        }
        threads.ForEach(thread => thread.Join());
        if (failures.Count > 0)
        {
            throw new AggregateException(failures.Count + " failed", failures[0]);
        }
    }

    void Use(PipeStream stream)
    {
        using (stream)
        {
            Verb(stream);
        }
    }

    NamedPipeClientStream Client()
    {
        var client = new NamedPipeClientStream(".", words["pipe"], Direction, Options,
            Get<TokenImpersonationLevel>("level", "None"));
        client.Connect(60_000);
        // a client that only reads has no right to change how it reads
        if (messages && Direction == PipeDirection.InOut)
        {
            client.ReadMode = PipeTransmissionMode.Message;
        }
        return client;
    }

    NamedPipeServerStream Server(int instances)
    {
        int buffers = Number("buffers", 0);
        return new NamedPipeServerStream(words["pipe"], Direction, instances,
            messages ? PipeTransmissionMode.Message : PipeTransmissionMode.Byte, Options, buffers, buffers);
    }

    void Accept(NamedPipeServerStream server)
    {
        if (asynchronous)
        {
            server.WaitForConnectionAsync().GetAwaiter().GetResult();
        }
        else
        {
            server.WaitForConnection();
        }
    }

    IEnumerable<Action> Servers(int count)
    {
        var server = Server(NamedPipeServerStream.MaxAllowedServerInstances);
        talk.Say("listening");
        for (int i = 0; i < count; i++)
        {
            Accept(server);
            var accepted = server;
            server = i + 1 < count ? Server(NamedPipeServerStream.MaxAllowedServerInstances) : null;
            yield return () => Use(accepted);
        }
    }

    void ServeInTurn(int count)
    {
        using (var server = Server(1))
        {
            talk.Say("listening");
            for (int i = 0; i < count; i++)
            {
                Accept(server);
                Verb(server);
                if (server.IsConnected)
                {
                    server.WaitForPipeDrain();
                }
                server.Disconnect();
            }
        }
    }

    // Reading and writing, as the handle is.

    int Read(PipeStream stream, byte[] buffer, int from, bool awaited)
    {
        return awaited ? stream.ReadAsync(buffer, from, buffer.Length - from).GetAwaiter().GetResult()
            : stream.Read(buffer, from, buffer.Length - from);
    }

    void Write(PipeStream stream, byte[] bytes, bool awaited)
    {
        if (awaited)
        {
            stream.WriteAsync(bytes, 0, bytes.Length).GetAwaiter().GetResult();
        }
        else
        {
            stream.Write(bytes, 0, bytes.Length);
        }
    }

    /// A message in parts no longer than the buffer, or what there is of bytes; null at the end.
    byte[] ReadMessage(PipeStream stream, byte[] buffer, bool awaited)
    {
        var message = new MemoryStream();
        do
        {
            int length = Read(stream, buffer, 0, awaited);
            if (length == 0 && !stream.IsConnected)
            {
                return null;
            }
            message.Write(buffer, 0, length);
        }
        while (messages && !stream.IsMessageComplete);
        return message.ToArray();
    }

    byte[] ReadFully(PipeStream stream, int size, bool awaited)
    {
        var bytes = new byte[size];
        for (int from = 0; from < size;)
        {
            int length = Read(stream, bytes, from, awaited);
            if (length == 0)
            {
                throw new EndOfStreamException("the end after " + from + " of " + size + " bytes");
            }
            from += length;
        }
        return bytes;
    }

    void Verb(PipeStream stream)
    {
        switch (words["verb"])
        {
            case "exchange": Exchange(stream); break;
            case "echo": Echo(stream); break;
            case "readMessages": ReadMessages(stream); break;
            case "transfer": Transfer(stream); break;
            case "read": ReadToEnd(stream); break;
            case "write": WriteAndDrain(stream); break;
            case "cancelRead": CancelRead(stream); break;
            case "cancelWrite": CancelWrite(stream); break;
            case "flood": Flood(stream); break;
            case "beAsked": BeAsked(stream); break;
            case "identify": Identify((NamedPipeServerStream)stream); break;
            default: throw new ArgumentException(words["verb"]);
        }
    }

    // The verbs.

    /// Sends messages of those sizes and reads each back before the next; awaits every other call.
    void Exchange(PipeStream stream)
    {
        int seed = Number("seed", 1);
        var buffer = new byte[512];
        bool awaited = asynchronous;
        foreach (int size in Get("sizes", "1").Split(',').Select(int.Parse))
        {
            Write(stream, Pattern.Array(seed, size), awaited);
            byte[] back = messages ? ReadMessage(stream, buffer, awaited) : ReadFully(stream, size, awaited);
            if (back == null || back.Length != size)
            {
                throw new InvalidDataException((back == null ? "the end" : back.Length.ToString()) + ", not " + size);
            }
            Pattern.Check(seed, 0, back);
            awaited = !awaited;
        }
    }

    /// Writes back what comes, until the other end closes.
    void Echo(PipeStream stream)
    {
        var buffer = new byte[5000];
        bool awaited = asynchronous;
        for (byte[] message; (message = ReadMessage(stream, buffer, awaited)) != null; awaited = !awaited)
        {
            Write(stream, message, awaited);
        }
    }

    /// Says how long each message was, and that the other end has closed.
    void ReadMessages(PipeStream stream)
    {
        var buffer = new byte[512];
        bool awaited = asynchronous;
        for (byte[] message; (message = ReadMessage(stream, buffer, awaited)) != null; awaited = !awaited)
        {
            talk.Say("message " + message.Length);
        }
        talk.Say("end");
    }

    /// Writes so much and reads as much: at once, or one after the other where the handle cannot otherwise.
    void Transfer(PipeStream stream)
    {
        int size = Number("size", 0);
        if (asynchronous)
        {
            var writing = Task.Run(() => WriteAll(stream, size));
            ReadAll(stream, size);
            writing.GetAwaiter().GetResult();
        }
        else
        {
            WriteAll(stream, size);
            ReadAll(stream, size);
        }
    }

    void WriteAll(PipeStream stream, int size)
    {
        int seed = Number("seed", 1);
        for (int from = 0; from < size; from += Pattern.Chunk)
        {
            Write(stream, Pattern.Bytes(seed, from, Math.Min(Pattern.Chunk, size - from)).ToArray(), asynchronous);
        }
    }

    /// Returns how much came, which is less if the other end closed before.
    long ReadAll(PipeStream stream, long size)
    {
        int seed = Number("seed", 1);
        var buffer = new byte[50_000];
        long from = 0;
        while (from < size)
        {
            int length = Read(stream, buffer, 0, asynchronous);
            if (length == 0)
            {
                break;
            }
            Pattern.Check(seed, from, new ReadOnlySpan<byte>(buffer, 0, length));
            from += length;
        }
        return from;
    }

    /// Reads when told to, to the end.
    void ReadToEnd(PipeStream stream)
    {
        talk.Say("connected");
        talk.Hear("read");
        talk.Say("read " + ReadAll(stream, long.MaxValue));
    }

    /// Writes, and waits until the other end has read.
    void WriteAndDrain(PipeStream stream)
    {
        Write(stream, Pattern.Array(Number("seed", 1), Number("size", 0)), asynchronous);
        talk.Say("written");
        stream.WaitForPipeDrain();
        talk.Say("drained");
    }

    /// Cancels a read that waits, then echoes.
    void CancelRead(PipeStream stream)
    {
        using (var source = new CancellationTokenSource())
        {
            Cancel("reading", source, stream.ReadAsync(new byte[100], 0, 100, source.Token));
        }
        Echo(stream);
    }

    /// Cancels a write that waits, then writes another.
    void CancelWrite(PipeStream stream)
    {
        byte[] bytes = Pattern.Array(1, Number("size", 0));
        using (var source = new CancellationTokenSource())
        {
            Cancel("writing", source, stream.WriteAsync(bytes, 0, bytes.Length, source.Token));
        }
        Write(stream, Pattern.Array(2, 1000), true);
    }

    void Cancel(string what, CancellationTokenSource source, Task pending)
    {
        talk.Say(what);
        talk.Hear("cancel");
        source.Cancel();
        try
        {
            pending.GetAwaiter().GetResult();
            talk.Say("not cancelled");
        }
        catch (OperationCanceledException)
        {
            talk.Say("cancelled");
        }
    }

    /// Writes without end, in large messages, until the other end closes.
    void Flood(PipeStream stream)
    {
        byte[] bytes = Pattern.Array(1, Number("size", 1 << 20));
        talk.Say("connected");
        try
        {
            while (true)
            {
                Write(stream, bytes, asynchronous);
            }
        }
        catch (IOException)
        {
            talk.Say("closed");
        }
    }

    /// Who this is.
    void Introduce()
    {
        using (WindowsIdentity self = WindowsIdentity.GetCurrent())
        {
            talk.Say(self.User.Value);
            talk.Say(self.Owner.Value);
        }
    }

    /// A client that stays until it is told to leave; who it is, the system knows once something was read from it.
    void BeAsked(PipeStream stream)
    {
        stream.WriteByte(0);
        talk.Hear("leave");
    }

    /// Who the client is, and how far this server may act as it.
    void Identify(NamedPipeServerStream stream)
    {
        ReadFully(stream, 1, asynchronous);
        talk.Say(stream.GetImpersonationUserName());
        stream.RunAsClient(() =>
        {
            using (WindowsIdentity client = WindowsIdentity.GetCurrent())
            {
                talk.Say(client.User.Value);
                talk.Say(client.ImpersonationLevel.ToString());
            }
        });
    }
}
