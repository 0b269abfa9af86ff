using System.Net.Sockets;
using System.Threading.Channels;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// A silo's line to one supervisor. Closing it changes nothing for the agent. If it breaks while the supervisor lives, it is
/// made again and the state is told again; commands carry ids, so repeating one is harmless.
/// </summary>
internal sealed class SupervisorConnection : IAsyncDisposable
{
    // The kernel closes a dying process' descriptors one after the other: the socket may go before the lock.
    private static readonly TimeSpan[] Pauses =
        [.. new[] { 0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly TimeProvider _time;
    private readonly SignalQueue _signals = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _receiving;
    private Socket _socket;

    internal SupervisorConnection(AttemptDirectory directory, Socket socket, int? child, TimeProvider time)
    {
        (Directory, _socket, SupervisorPid, _time) = (directory, socket, child, time);
        _receiving = Task.Run(ReceiveAsync);
    }

    internal AttemptDirectory Directory { get; }

    /// <summary>The supervisor's pid if this process started it; else it is in <see cref="AttemptDirectory.ReadSupervisor"/>.</summary>
    internal int? SupervisorPid { get; }

    /// <summary>What it tells, in order; completed after <c>Exited</c> or <c>Lost</c>, or when this is disposed.</summary>
    internal ChannelReader<SupervisorSignal> Signals => _signals;

    /// <summary>
    /// Connects to the supervisor of an attempt that somebody else started. Null when there is none; then
    /// <see cref="AttemptDirectory.ReadExit"/> and <see cref="AttemptDirectory.TryLock"/> say what became of it.
    /// </summary>
    internal static SupervisorConnection? Attach(AttemptDirectory directory, TimeProvider time) =>
        ControlSocket.TryConnect(directory.Path) is { } socket ? new SupervisorConnection(directory, socket, child: null, time) : null;

    /// <summary>Bytes for the agent's standard input. Answered by <c>Acked</c> or <c>Refused</c> with the id, which must not be empty.</summary>
    internal Task SendInputAsync(string messageId, ReadOnlyMemory<byte> bytes) =>
        SendAsync(Frame.Encode(FrameKind.Input, id: Checked(messageId), bytes: bytes.Span));

    /// <summary>As <see cref="SendInputAsync"/>, ahead of input that still waits for the agent to read.</summary>
    internal Task InterruptAsync(string commandId, ReadOnlyMemory<byte> bytes) =>
        SendAsync(Frame.Encode(FrameKind.Interrupt, id: Checked(commandId), bytes: bytes.Span));

    /// <summary>Closes the agent's standard input behind what was sent before.</summary>
    internal Task CloseStdinAsync() => SendAsync(Frame.Encode(FrameKind.CloseStdin));

    /// <summary>SIGINT for the agent process alone.</summary>
    internal Task SignalInterruptAsync() => SendAsync(Frame.Encode(FrameKind.Signal, [2]));

    /// <summary>Ends the attempt; <paramref name="interrupt"/> is what asks this agent to stop, if anything does.</summary>
    internal Task TerminateAsync(string commandId, TerminateMode mode, ReadOnlyMemory<byte> interrupt = default) =>
        SendAsync(Frame.Encode(FrameKind.Terminate, [(long)mode], Checked(commandId), interrupt.Span));

    /// <summary>Moves the lease: absolute CLOCK_BOOTTIME milliseconds.</summary>
    internal Task RenewAsync(long deadlineBootMs) => SendAsync(Frame.Encode(FrameKind.Renew, [deadlineBootMs]));

    /// <summary>New limits of the spools in bytes; larger ones let a waiting agent go on.</summary>
    internal Task SetLimitsAsync(long stdoutBytes, long stderrBytes) => SendAsync(Frame.Encode(FrameKind.Limits, [stdoutBytes, stderrBytes]));

    /// <summary>
    /// False if the connection broke on the way: the command may or may not have arrived. Once the attempt has ended that is
    /// what always comes back.
    /// </summary>
    internal async Task<bool> SendAsync(byte[] frame)
    {
        await _sending.WaitAsync();
        try
        {
            for (var sent = 0; sent < frame.Length;)
                sent += await _socket.SendAsync(frame.AsMemory(sent), SocketFlags.None, _closing.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closing.IsCancellationRequested)
            await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
    }

    private static string Checked(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return id;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (!await ReceiveUntilClosedAsync())
            {
                if (await FindEndAsync() is not { } end)
                    continue;
                _signals.Add(end);
                break;
            }

            _signals.Complete();
        }
        catch (OperationCanceledException)
        {
            _signals.Complete();
        }
        catch (Exception exception)
        {
            _signals.Complete(exception);
        }

        // Nobody waits for it: the zombie of a supervisor that lives on, or still syncs, may take its time.
        if (SupervisorPid is { } pid)
            _ = ChildReaper.ReapAsync(pid, _time);
    }

    /// <summary>True once the end was told.</summary>
    private async Task<bool> ReceiveUntilClosedAsync()
    {
        var reader = new FrameReader();
        while (true)
        {
            int count;
            try
            {
                count = await _socket.ReceiveAsync(reader.Space(), SocketFlags.None, _closing.Token);
            }
            catch (SocketException)
            {
                count = 0;
            }

            if (count == 0)
                return false;
            reader.Advance(count);
            while (reader.TryRead(out var frame))
            {
                if (Decode(frame) is { } signal)
                    _signals.Add(signal);
                if (frame.Kind == FrameKind.Exited)
                    return true;
            }
        }
    }

    /// <summary>The connection broke. Null when it is there again, else what became of the attempt.</summary>
    private async Task<SupervisorSignal?> FindEndAsync()
    {
        foreach (var pause in Pauses)
        {
            await Task.Delay(pause, _time, _closing.Token);
            if (!System.IO.Directory.Exists(Directory.Path))
                return new SupervisorSignal.Lost();
            using (var free = Directory.TryLock())
            {
                // The lock first: a supervisor writes its record before it lets go, and may take long to let go.
                if (Directory.ReadExit() is { } record)
                    return new SupervisorSignal.Exited(record);
                if (free is not null)
                    return new SupervisorSignal.Lost();
            }

            if (ControlSocket.TryConnect(Directory.Path) is not { } socket)
                continue;
            _socket.Dispose();
            _socket = socket;
            return null;
        }

        throw new IOException($"The supervisor of {Directory.Path} holds its lock but can't be reached.");
    }

    private static SupervisorSignal? Decode(Frame frame) => frame.Kind switch
    {
        FrameKind.Spawned => new SupervisorSignal.Spawned(new ProcessRecord
        {
            Pid = (int)frame.Number(0),
            StartTime = frame.Number(1),
            BootId = ProcessIdentity.BootId,
        }),
        FrameKind.Grew => new SupervisorSignal.Grew(frame.Number(0), frame.Number(1)),
        FrameKind.Acked => new SupervisorSignal.Acked(frame.Id),
        FrameKind.Refused => new SupervisorSignal.Refused(frame.Id),
        FrameKind.SpoolFull => new SupervisorSignal.SpoolFull((SpoolStream)frame.Number(0), frame.Number(1), (int)frame.Number(2)),
        FrameKind.Lingering => new SupervisorSignal.Lingering((int)frame.Number(0)),
        FrameKind.Exited => new SupervisorSignal.Exited(ExitRecordJson.Decode(frame.Bytes)),
        _ => null,
    };
}
