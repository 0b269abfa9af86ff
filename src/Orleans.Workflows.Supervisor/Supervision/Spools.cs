using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>Both of the agent's outputs. They share a buffer, for they are read one after the other.</summary>
internal sealed class Spools
{
    private const int BufferBytes = 64 << 10;

    internal Spools(AgentProcess agent, LaunchSpec spec)
    {
        // Not cleared: what an agent doesn't fill is never touched.
        var buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        Stdout = new Spool(SpoolStream.Stdout, agent.Stdout, AttemptFiles.Stdout, spec.StdoutLimit, buffer);
        Stderr = new Spool(SpoolStream.Stderr, agent.Stderr, AttemptFiles.Stderr, spec.StderrLimit, buffer);
    }

    internal Spool Stdout { get; }

    internal Spool Stderr { get; }

    /// <summary>When a full disk is tried again; the far future if none is full.</summary>
    internal long RetryAt => Math.Min(Stdout.RetryAt ?? long.MaxValue, Stderr.RetryAt ?? long.MaxValue);

    internal long Unwritten => Stdout.Unwritten + Stderr.Unwritten;

    internal void AddTo(PollList polled)
    {
        polled.Add(Stdout.Wanted, PollEntry.Readable);
        polled.Add(Stderr.Wanted, PollEntry.Readable);
    }

    /// <summary>Copies what is there. True if a file grew; <paramref name="filled"/> hears of each that stopped just now, also if it had for a moment gone on.</summary>
    internal bool Pump(long now, Action<Spool> filled)
    {
        var grew = false;
        foreach (var spool in (ReadOnlySpan<Spool>)[Stdout, Stderr])
        {
            var wasFull = spool.IsFull;
            var goesOn = spool.Pump(now);
            grew |= goesOn;
            if (spool.IsFull && (goesOn || !wasFull))
                filled(spool);
        }

        return grew;
    }

    /// <summary>As <see cref="Spool.Drain"/>, for both: a pipe that is left at its end would wake whoever waits, for ever.</summary>
    internal bool Drain(long now) => Stdout.Drain(now) & Stderr.Drain(now);

    internal void Sync()
    {
        if (Stdout.Written > 0)
            AttemptFolder.Sync(AttemptFiles.Stdout);
        if (Stderr.Written > 0)
            AttemptFolder.Sync(AttemptFiles.Stderr);
    }
}
