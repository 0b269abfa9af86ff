using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// The way to the end. While the agent lives: interrupt, close standard input, SIGTERM, SIGKILL, each after the grace of the
/// one before. Once it is gone: SIGTERM to what it left behind, a grace, SIGKILL, repeated until nothing descends from us.
/// </summary>
internal sealed class Ending(LaunchSpec spec, AgentInput input, ProcessTree tree, Action<int> lingering)
{
    private const int FirstRepeatMs = 1;
    private const int LastRepeatMs = 1000;
    private const int LingeringAfterMs = 5000;

    private bool _begun;
    private bool _clearing;
    private bool _killing;
    private int _repeatMs = FirstRepeatMs;
    private long _killingSince;
    private byte[]? _interrupt;

    /// <summary>Why the attempt ends; what was first stays.</summary>
    internal ExitCause Cause { get; private set; } = ExitCause.Exited;

    /// <summary>The step that the agent ended in.</summary>
    internal EndStep Step { get; private set; }

    /// <summary>An operator asked for the fastest end, so nothing waits for a full disk either.</summary>
    internal bool IsNow { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do; null while nothing is due.</summary>
    internal long? DueAt { get; private set; }

    internal void Begin(ExitCause cause, TerminateMode mode, byte[]? interrupt, long now)
    {
        if (!_begun && tree.AgentStatus is null)
        {
            (_begun, Cause, _interrupt, DueAt) = (true, cause, interrupt, now);
        }

        if (mode != TerminateMode.Now || IsNow)
            return;
        IsNow = true;
        Kill(now);
    }

    /// <summary>Goes on with the last step, whatever the one before was granted.</summary>
    internal void Kill(long now)
    {
        if (tree.AgentStatus is null)
            Step = EndStep.Kill;
        StartKilling(now);
    }

    /// <summary>Goes on as far as time and the processes allow. Called after every reaping.</summary>
    internal void Advance(long now)
    {
        if (tree.IsGone)
        {
            DueAt = null;
            return;
        }

        if (tree.AgentStatus is not null && !_clearing)
            StartClearing(now);
        while (DueAt <= now)
        {
            if (_killing)
                KillAgain(now);
            else if (_clearing)
                StartKilling(now);
            else
                NextStep(now);
        }
    }

    private void StartClearing(long now)
    {
        _clearing = true;
        input.Close();
        if (_killing)
            return;
        tree.SignalAll(Signals.Terminate);
        DueAt = now + spec.TermGraceMs;
    }

    private void NextStep(long now)
    {
        if (Step < EndStep.Interrupt && _interrupt is { Length: > 0 } bytes && !input.IsClosed)
        {
            (Step, DueAt) = (EndStep.Interrupt, now + spec.InterruptGraceMs);
            input.Add("", bytes, urgent: true);
        }
        else if (Step < EndStep.Stdin && !input.IsClosed)
        {
            (Step, DueAt) = (EndStep.Stdin, now + spec.StdinCloseGraceMs);
            input.Close();
        }
        else if (Step < EndStep.Term)
        {
            (Step, DueAt) = (EndStep.Term, now + spec.TermGraceMs);
            tree.SignalAgent(Signals.Terminate);
        }
        else
        {
            Step = EndStep.Kill;
            StartKilling(now);
        }
    }

    private void StartKilling(long now)
    {
        if (_killing)
            return;
        (_killing, _killingSince, DueAt) = (true, now, now);
    }

    private void KillAgain(long now)
    {
        // A killed process' children become ours a moment later, so it is done again until ECHILD.
        var count = tree.SignalAll(Signals.Kill);
        DueAt = now + _repeatMs;
        _repeatMs = Math.Min(_repeatMs * 2, LastRepeatMs);
        if (now - _killingSince > LingeringAfterMs)
            lingering(count);
    }
}
