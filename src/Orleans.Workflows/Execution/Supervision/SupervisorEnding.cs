using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>The last resort for a supervisor that does not obey: its agent is bound to die with it, and a sweep ends the rest.</summary>
internal static class SupervisorEnding
{
    /// <summary>False when it is not known, or not the same process any more.</summary>
    internal static bool TryKill(ProcessRecord? supervisor) =>
        supervisor is not null && ProcessIdentity.IsAlive(supervisor) && Libc.Kill(supervisor.Pid, Signals.Kill) == 0;
}
