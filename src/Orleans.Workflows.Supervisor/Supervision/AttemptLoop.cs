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
    private const int GrowthIntervalMs = 10;
    private const int LastWordMs = 1000;

    private readonly LaunchSpec _spec;
    private readonly ControlClients _clients;
    private readonly LeaseTimer _lease;
    private readonly TreeMemory _memory;
    private readonly int _signals;
    private readonly AttemptClock _clock = new();
    private readonly PollList _polled = new();

    private AgentProcess _agent = null!;
    private AgentInput _input = null!;
    private ProcessTree _tree = null!;
    private Ending _ending = null!;
    private Spools _spools = null!;
    private LaunchFailedException? _failure;
    private bool _executed;
    private bool _lingered;
    private bool _growthUntold;
    private long _growthToldAt;

    internal AttemptLoop(LaunchSpec spec, ControlConnection silo)
    {
        _spec = spec;
        _clients = new ControlClients(silo, ControlSocket.Listen());
        _lease = new LeaseTimer(spec.LeaseDeadlineMs);
        _memory = new TreeMemory(Libc.GetProcessId(), spec.MemoryLimit);
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
            Tell(_clock.EndUnstarted(ExitCause.LaunchFailed, failure), isGivenUp: false);
            AttemptFolder.Sync(AttemptFiles.Record);
            return;
        }

        _spools = new Spools(_agent, _spec);
        _tree = new ProcessTree(_agent.Pid);
        _input = new AgentInput(_agent.Stdin, written: Record, repeated: Acknowledge, refused: Refuse);
        _ending = new Ending(_spec, _input, _tree, lingering: TellLingering);
        if (_spec.StandardInput is { Length: > 0 } first)
            _input.Add("", first);
        if (!_spec.KeepStandardInputOpen)
            _input.CloseWhenWritten();

        // Where nothing is left to wait for, nothing would wake the loop.
        if (_agent.Status < 0)
            ReadLaunchStatus();

        // What was said right behind the launch was read with it: nothing more of it arrives.
        _clients.Serve(Obey, Describe);
        while (!_tree.IsGone)
            Turn();
        Drain();
        Tell(_clock.End(_ending, _tree, _memory, _spools, _failure), _ending.IsNow);
        _spools.Sync();
        AttemptFolder.Sync(AttemptFiles.Record);
    }

    private void Turn()
    {
        Wait();
        var now = BootClock.Milliseconds;
        if (!_executed && _failure is null)
            ReadLaunchStatus();
        _growthUntold |= _spools.Pump(now, filled: spool => _clients.Broadcast(StateFrames.Full(spool)));
        _input.Pump();
        ReadSignals();
        _tree.Reap();
        if (_lease.IsOver)
        {
            _lease.Set(null);
            _ending.Begin(ExitCause.Lease, TerminateMode.Polite, _spec.Interrupt, now);
        }

        _clients.Serve(Obey, Describe);
        LookAtMemory(now);
        _ending.Advance(now);
        TellGrowth(now);
    }

    private void Wait()
    {
        _polled.Clear();
        _polled.Add(_signals, PollEntry.Readable);
        _polled.Add(_lease.Descriptor, PollEntry.Readable);
        _polled.Add(_agent.Status, PollEntry.Readable);
        _polled.Add(_input.Wanted, PollEntry.Writable);
        _spools.AddTo(_polled);
        _clients.AddTo(_polled);
        _polled.Wait(TimeoutMs(BootClock.Milliseconds));
    }

    private int TimeoutMs(long now)
    {
        var due = Math.Min(Math.Min(_ending.DueAt ?? long.MaxValue, _spools.RetryAt), _clients.AcceptAt ?? long.MaxValue);
        if (!_tree.IsGone)
            due = Math.Min(due, _memory.DueAt);
        if (_growthUntold)
            due = Math.Min(due, _growthToldAt + GrowthIntervalMs);
        return due == long.MaxValue ? -1 : (int)Math.Clamp(due - now, 0, int.MaxValue);
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
        _memory.Start(BootClock.Milliseconds);
        AttemptFolder.AddAgent(_agent.Pid, _agent.StartTime);
        _clients.Broadcast(StateFrames.Spawned(_agent));
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

    private void LookAtMemory(long now)
    {
        if (_tree.IsGone || now < _memory.DueAt)
            return;
        _memory.Look(now);
        if (_memory.IsOver)
            _ending.Begin(ExitCause.Memory, TerminateMode.Polite, _spec.Interrupt, now);
        if (_memory.IsGrowing && _ending.Cause == ExitCause.Memory)
            _ending.Kill(now);
    }

    private void TellLingering(int processes)
    {
        if (!_lingered)
            AttemptFolder.MarkLingering();
        _lingered = true;
        _clients.Broadcast(StateFrames.Lingering(processes));
    }

    private void TellGrowth(long now)
    {
        if (!_growthUntold || now < _growthToldAt + GrowthIntervalMs)
            return;
        (_growthUntold, _growthToldAt) = (false, now);
        _clients.TellGrowth(StateFrames.Grew(_spools));
    }

    private void Obey(Frame frame, ControlConnection client)
    {
        switch (frame.Kind)
        {
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
                client.Send(StateFrames.Acked(frame.Id));
                break;
            case FrameKind.Renew:
                _lease.Set(frame.Number(0));
                break;
            case FrameKind.Limits:
                (_spools.Stdout.Limit, _spools.Stderr.Limit) = (frame.Number(0), frame.Number(1));
                break;
        }
    }

    private void Describe(ControlConnection client)
    {
        if (_executed)
            client.Send(StateFrames.Spawned(_agent));
        client.Send(StateFrames.Grew(_spools));
        TellFull(client.Send);
    }

    private void TellFull(Action<byte[]> tell)
    {
        foreach (var spool in (ReadOnlySpan<Spool>)[_spools.Stdout, _spools.Stderr])
        {
            if (spool.IsFull)
                tell(StateFrames.Full(spool));
        }
    }

    private void Record(string id)
    {
        AttemptFolder.AddTold(id);
        Acknowledge(id);
    }

    private void Acknowledge(string id) => _clients.Broadcast(StateFrames.Acked(id));

    private void Refuse(string id)
    {
        if (id.Length > 0)
            _clients.Broadcast(StateFrames.Refused(id));
    }

    /// <summary>
    /// The tree is gone, so the pipes hold all that was ever written. On a full disk this waits, for ever if need be, unless an
    /// operator wants the end now.
    /// </summary>
    private void Drain()
    {
        if (!_executed && _failure is null)
            ReadLaunchStatus();
        for (var (told, first) = ((0, 0), true); !_spools.Drain(BootClock.Milliseconds) && !_ending.IsNow; first = false)
        {
            var full = (_spools.Stdout.Errno, _spools.Stderr.Errno);
            if (first || full != told)
                TellFull(_clients.Broadcast);
            told = full;
            Wait();
            ReadSignals();
            _clients.Serve(Obey, Describe);
            TellGrowth(BootClock.Milliseconds);

            // Nobody is left whom a lease could end, and over it would wake us for ever.
            if (_lease.IsOver)
                _lease.Set(null);
        }
    }

    /// <summary>
    /// The end is known: told at once, and to whoever comes later, for on a full disk the record may take long. Then it is tried
    /// until it stands, or an operator gives it up.
    /// </summary>
    private void Tell(ExitRecord end, bool isGivenUp)
    {
        var record = ExitRecordJson.Encode(end);
        var frame = Frame.Encode(FrameKind.Exited, bytes: record);
        for (var isTold = false; !AttemptFolder.TryWriteExit(record) && !isGivenUp; isTold = true)
        {
            if (!isTold)
                _clients.Broadcast(frame);
            _polled.Clear();
            _clients.AddTo(_polled);
            _polled.Wait(AttemptFolder.RetryMs);
            _clients.Serve((command, _) => isGivenUp |= command.Kind == FrameKind.Terminate && command.Number(0) == (long)TerminateMode.Now, client => client.Send(frame));
        }

        _clients.TellLast(frame, LastWordMs);
    }
}
