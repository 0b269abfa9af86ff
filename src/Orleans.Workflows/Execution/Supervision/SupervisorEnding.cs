using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>The last resort for a supervisor that does not obey: its agent is bound to die with it, and a sweep ends the rest.</summary>
internal static class SupervisorEnding
{
    /// <summary>
    /// False when it is not known, or not the same process any more; and when it has found processes that live on after SIGKILL:
    /// it obeyed, it goes on trying, and it alone can prove their end.
    /// </summary>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="hasLingered">Known otherwise than by the attempt's files.</param>
    internal static bool TryKill(AttemptDirectory attempt, bool hasLingered) =>
        !hasLingered && !attempt.HasLingered
        && attempt.ReadSupervisor() is { } supervisor && ProcessIdentity.IsAlive(supervisor) && Libc.Kill(supervisor.Pid, Signals.Kill) == 0;
}
