using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>When the attempt began, and from that and what became of it the record of its end, which is now.</summary>
internal sealed class AttemptClock
{
    private readonly long _unixMs = BootClock.UnixMilliseconds;
    private readonly long _bootMs = BootClock.Milliseconds;

    /// <summary>Nothing was executed.</summary>
    internal ExitRecord EndUnstarted(ExitCause cause, LaunchFailedException? failure = null) => new()
    {
        Cause = cause,
        LaunchStage = failure?.Stage,
        LaunchErrno = failure?.Errno,
        StartedAtUnixMs = _unixMs,
        StartedAtBootMs = _bootMs,
        EndedAtUnixMs = BootClock.UnixMilliseconds,
        EndedAtBootMs = BootClock.Milliseconds,
        ProvenGone = true,
    };

    /// <summary>The tree is gone. A failure is then one that the agent's process told before it became the agent.</summary>
    internal ExitRecord End(Ending ending, ProcessTree tree, TreeMemory memory, Spools spools, LaunchFailedException? failure)
    {
        // wait(2): the low seven bits are the signal, and the exit code stands above the next.
        var status = failure is null ? tree.AgentStatus : null;
        var signal = status & 0x7f;
        return EndUnstarted(failure is null ? ending.Cause : ExitCause.LaunchFailed, failure) with
        {
            ExitCode = signal == 0 ? (status >> 8) & 0xff : null,
            Signal = signal is > 0 ? signal : null,
            EndedBy = failure is null ? ending.Step : EndStep.None,
            StdoutBytes = spools.Stdout.Written,
            StderrBytes = spools.Stderr.Written,
            LostBytes = spools.Unwritten,
            UserCpuMs = tree.UserCpuMs,
            SystemCpuMs = tree.SystemCpuMs,
            MaxRssKb = tree.PeakRssKb,
            PeakMemoryBytes = failure is null ? Peak(memory, tree) : null,
            MemoryLimitBytes = memory.Limit,
            SurvivorCount = tree.SurvivorCount,
            Survivors = tree.Survivors,
        };
    }

    // What came and went between two looks, the kernel saw of each process by itself.
    private static long? Peak(TreeMemory memory, ProcessTree tree) =>
        Math.Max(memory.PeakBytes ?? 0, tree.PeakRssKb * 1024) is > 0 and var bytes ? bytes : null;
}
