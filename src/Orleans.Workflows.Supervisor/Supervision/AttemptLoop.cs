using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// The whole life of an attempt on one thread: waits for the agent, its outputs, its clients and the clock, and acts on
/// whichever comes. It ends when the tree is proven gone and everything that was said is on disk.
/// </summary>
internal sealed unsafe class AttemptLoop
{
    private const int BufferBytes = 64 << 10;
    private const int GrowthIntervalMs = 10;
    private const int LastWordMs = 1000;

    private readonly LaunchSpec _spec;
    private readonly ControlClients _clients;
    private readonly LeaseTimer _lease;
    private readonly int _signals;
    private readonly long _startedUnixMs = BootClock.UnixMilliseconds;
    private readonly long _startedBootMs = BootClock.Milliseconds;
    private readonly List<PollEntry> _polled = [];

    private AgentProcess _agent = null!;
    private AgentInput _input = null!;
    private ProcessTree _tree = null!;
    private Ending _ending = null!;
    private Spool[] _spools = [];
    private LaunchFailedException? _failure;
    private bool _executed;
    private bool _growthUntold;
    private long _growthToldAt;

    internal AttemptLoop(LaunchSpec spec, ControlConnection silo)
    {
        _spec = spec;
        _clients = new ControlClients(silo, ControlSocket.Listen());
        _lease = new LeaseTimer(spec.LeaseDeadlineMs);
        var mask = stackalloc ulong[16];
        mask[0] = Signals.ReadByLoop;
        _signals = Libc.SignalDescriptor(-1, mask, Flags.CloseOnExec | Flags.NonBlocking);
        if (_signals < 0)
            throw PosixException.Last("signalfd");
    }

    internal void Run()
    {
        try
        {
            _agent = AgentProcess.Start(_spec);
        }
        catch (LaunchFailedException failure)
        {
            _failure = failure;
            Finish();
            return;
        }

        // Not cleared: what an agent doesn't say is never touched.
        var buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        _spools =
        [
            new Spool(SpoolStream.Stdout, _agent.Stdout, AttemptFiles.Stdout, _spec.StdoutLimit, buffer),
            new Spool(SpoolStream.Stderr, _agent.Stderr, AttemptFiles.Stderr, _spec.StderrLimit, buffer),
        ];
        _tree = new ProcessTree(_agent.Pid);
        _input = new AgentInput(_agent.Stdin, written: Acknowledge, refused: Refuse);
        _ending = new Ending(_spec, _input, _tree, lingering: count => _clients.Broadcast(Frame.Encode(FrameKind.Lingering, [count])));
        if (_spec.StandardInput is { Length: > 0 } first)
            _input.Add("", first);
        if (!_spec.KeepStandardInputOpen)
            _input.CloseWhenWritten();

        // Where nothing is left to wait for, nothing would wake the loop.
        if (_agent.Status < 0)
            ReadLaunchStatus();
        while (!_tree.IsGone)
            Turn();
        Drain();
        Finish();
    }

    private void Turn()
    {
        Wait();
        var now = BootClock.Milliseconds;
        if (!_executed && _failure is null)
            ReadLaunchStatus();
        PumpSpools(now);
        _input.Pump();
        ReadSignals();
        _tree.Reap();
        if (_lease.IsOver)
        {
            _lease.Set(null);
            _ending.Begin(ExitCause.Lease, TerminateMode.Polite, _spec.Interrupt, now);
        }

        _clients.Serve(Obey, Describe);
        _ending.Advance(now);
        TellGrowth(now);
    }

    private void Wait()
    {
        _polled.Clear();
        Poll(_signals, PollEntry.Readable);
        Poll(_lease.Descriptor, PollEntry.Readable);
        Poll(_agent.Status, PollEntry.Readable);
        Poll(_input.Wanted, PollEntry.Writable);
        foreach (var spool in _spools)
            Poll(spool.Wanted, PollEntry.Readable);
        _clients.AddTo(_polled);

        var entries = stackalloc PollEntry[_polled.Count];
        for (var index = 0; index < _polled.Count; index++)
            entries[index] = _polled[index];
        _ = Libc.Poll(entries, (nuint)_polled.Count, TimeoutMs(BootClock.Milliseconds));
    }

    private int TimeoutMs(long now)
    {
        var due = _ending.DueAt ?? long.MaxValue;
        if (_growthUntold)
            due = Math.Min(due, _growthToldAt + GrowthIntervalMs);
        foreach (var spool in _spools)
            due = Math.Min(due, spool.RetryAt ?? long.MaxValue);
        return due == long.MaxValue ? -1 : (int)Math.Clamp(due - now, 0, int.MaxValue);
    }

    private void Poll(int descriptor, short events)
    {
        if (descriptor >= 0)
            _polled.Add(new PollEntry { Descriptor = descriptor, Events = events });
    }

    private void ReadLaunchStatus()
    {
        if (_agent.Status >= 0)
        {
            if (_agent.ReadStatus() is not { } errno)
                return;
            if (errno != 0)
            {
                _failure = new LaunchFailedException(LaunchStage.Execute, errno);
                return;
            }
        }

        _executed = true;
        AttemptFolder.AddAgent(_agent.Pid, _agent.StartTime);
        _clients.Broadcast(SpawnedFrame());
    }

    private void ReadSignals()
    {
        // struct signalfd_siginfo: 128 bytes, the number first.
        Span<byte> info = stackalloc byte[128];
        while (Descriptors.Read(_signals, info) == info.Length)
        {
            if (info[0] == Signals.Terminate)
                _ending.Begin(ExitCause.Signal, TerminateMode.Polite, _spec.Interrupt, BootClock.Milliseconds);
        }
    }

    private void PumpSpools(long now)
    {
        foreach (var spool in _spools)
        {
            var wasFull = spool.IsFull;
            _growthUntold |= spool.Pump(now);
            if (spool.IsFull && !wasFull)
                _clients.Broadcast(FullFrame(spool));
        }
    }

    private void TellGrowth(long now)
    {
        if (!_growthUntold || now < _growthToldAt + GrowthIntervalMs)
            return;
        (_growthUntold, _growthToldAt) = (false, now);
        _clients.TellGrowth(GrewFrame());
    }

    private void Obey(Frame frame, ControlConnection client)
    {
        switch (frame.Kind)
        {
            case FrameKind.Hello:
                Describe(client);
                break;
            case FrameKind.Input:
            case FrameKind.Interrupt:
                _input.Add(frame.Id, frame.Bytes.Span, urgent: frame.Kind == FrameKind.Interrupt);
                break;
            case FrameKind.CloseStdin:
                _input.CloseWhenWritten();
                break;
            case FrameKind.Signal when frame.Number(0) == Signals.Interrupt:
                _tree.SignalAgent(Signals.Interrupt);
                break;
            case FrameKind.Terminate:
                var mode = frame.Number(0) == (long)TerminateMode.Now ? TerminateMode.Now : TerminateMode.Polite;
                _ending.Begin(ExitCause.Terminated, mode, frame.Bytes.ToArray(), BootClock.Milliseconds);
                client.Send(Frame.Encode(FrameKind.Acked, id: frame.Id));
                break;
            case FrameKind.Renew:
                _lease.Set(frame.Number(0));
                break;
            case FrameKind.Limits:
                (_spools[0].Limit, _spools[1].Limit) = (frame.Number(0), frame.Number(1));
                break;
        }
    }

    private void Describe(ControlConnection client)
    {
        if (_executed)
            client.Send(SpawnedFrame());
        client.Send(GrewFrame());
        foreach (var spool in _spools)
        {
            if (spool.IsFull)
                client.Send(FullFrame(spool));
        }
    }

    private void Acknowledge(string id) => _clients.Broadcast(Frame.Encode(FrameKind.Acked, id: id));

    private void Refuse(string id)
    {
        if (id.Length > 0)
            _clients.Broadcast(Frame.Encode(FrameKind.Refused, id: id));
    }

    private byte[] SpawnedFrame() => Frame.Encode(FrameKind.Spawned, [_agent.Pid, _agent.StartTime]);

    private byte[] GrewFrame() => Frame.Encode(FrameKind.Grew, [_spools[0].Written, _spools[1].Written]);

    private static byte[] FullFrame(Spool spool) =>
        Frame.Encode(FrameKind.SpoolFull, [(long)spool.Stream, spool.Written, spool.Errno]);

    /// <summary>
    /// The tree is gone, so the pipes hold all that was ever written. On a full disk this waits, for ever if need be, unless an
    /// operator wants the end now.
    /// </summary>
    private void Drain()
    {
        if (!_executed && _failure is null)
            ReadLaunchStatus();
        foreach (var spool in _spools)
        {
            while (!spool.Drain(BootClock.Milliseconds) && !_ending.IsNow)
            {
                _clients.Broadcast(FullFrame(spool));
                Wait();
                ReadSignals();
                _clients.Serve(Obey, Describe);
            }
        }
    }

    private void Finish()
    {
        var record = ExitRecordJson.Encode(Record());
        AttemptFolder.WriteExit(record, giveUp: () => _ending is { IsNow: true });
        _clients.TellLast(Frame.Encode(FrameKind.Exited, bytes: record), LastWordMs);
        if (_spools.Length > 0 && _spools[0].Written > 0)
            AttemptFolder.Sync(AttemptFiles.Stdout);
        if (_spools.Length > 0 && _spools[1].Written > 0)
            AttemptFolder.Sync(AttemptFiles.Stderr);
        AttemptFolder.Sync(AttemptFiles.Exit);
    }

    private ExitRecord Record()
    {
        var status = _failure is null ? _tree.AgentStatus : null;
        var signal = status & 0x7f;
        return new ExitRecord
        {
            Cause = _failure is null ? _ending.Cause : ExitCause.LaunchFailed,
            ExitCode = signal == 0 ? (status >> 8) & 0xff : null,
            Signal = signal is > 0 ? signal : null,
            LaunchStage = _failure?.Stage,
            LaunchErrno = _failure?.Errno,
            EndedBy = _failure is null ? _ending.Step : EndStep.None,
            StartedAtUnixMs = _startedUnixMs,
            StartedAtBootMs = _startedBootMs,
            EndedAtUnixMs = BootClock.UnixMilliseconds,
            EndedAtBootMs = BootClock.Milliseconds,
            StdoutBytes = _spools.Length > 0 ? _spools[0].Written : 0,
            StderrBytes = _spools.Length > 0 ? _spools[1].Written : 0,
            LostBytes = _spools.Sum(spool => (long)spool.Unwritten),
            UserCpuMs = _tree?.UserCpuMs ?? 0,
            SystemCpuMs = _tree?.SystemCpuMs ?? 0,
            MaxRssKb = _tree?.PeakRssKb ?? 0,
            SurvivorCount = _tree?.SurvivorCount ?? 0,
            Survivors = _tree?.Survivors ?? [],
            ProvenGone = true,
        };
    }
}
