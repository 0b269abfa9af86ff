using System.Runtime.InteropServices;
using System.Text;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// Everything that descends from the agent. We are a child subreaper: whatever is orphaned below us, new session or not,
/// becomes our child, so having no children left (ECHILD) proves that nothing descends from us any more.
/// </summary>
internal sealed unsafe class ProcessTree(int agent)
{
    private readonly HashSet<int> _survivors = [];
    private readonly List<EndedProcess> _listed = [];
    private long _userMicroseconds;
    private long _systemMicroseconds;

    /// <summary>The wait status of the agent, once it is reaped.</summary>
    internal int? AgentStatus { get; private set; }

    internal bool IsGone { get; private set; }

    internal long PeakRssKb { get; private set; }

    internal long UserCpuMs => _userMicroseconds / 1000;

    internal long SystemCpuMs => _systemMicroseconds / 1000;

    internal int SurvivorCount => _survivors.Count;

    internal IReadOnlyList<EndedProcess> Survivors => _listed;

    /// <summary>Waits for every zombie that is there: the agent or an orphan.</summary>
    internal void Reap()
    {
        while (!IsGone)
        {
            int status;
            ResourceUsage usage;
            var pid = Libc.Wait(-1, &status, Flags.NoHang | Flags.AllChildren, &usage);
            if (pid == 0)
                return;
            if (pid < 0)
            {
                if (Marshal.GetLastPInvokeError() == Errno.NoChild)
                    IsGone = true;
                continue;
            }

            _userMicroseconds += usage.UserMicrosecondsTotal;
            _systemMicroseconds += usage.SystemMicrosecondsTotal;
            PeakRssKb = Math.Max(PeakRssKb, usage.PeakResidentKilobytes);
            if (pid == agent)
                AgentStatus = status;
        }
    }

    internal void SignalAgent(int signal)
    {
        // Not reaped, so the number can't be anybody else's.
        if (AgentStatus is null)
            _ = Libc.Kill(agent, signal);
    }

    /// <summary>Sends a signal to all descendants there are now. Returns how many.</summary>
    internal int SignalAll(int signal)
    {
        var descendants = Descendants.Of(Libc.GetProcessId());
        foreach (var pid in descendants)
        {
            if (pid != agent && _survivors.Add(pid) && _listed.Count < ExitRecord.MaximumSurvivors)
                _listed.Add(new EndedProcess { Pid = pid, Name = NameOf(pid) });
            _ = Libc.Kill(pid, signal);
        }

        return descendants.Count;
    }

    private static string NameOf(int pid)
    {
        Span<byte> name = stackalloc byte[64];
        return PosixFile.Read($"/proc/{pid}/comm", name) is { } length
            ? Encoding.UTF8.GetString(name[..length].TrimEnd((byte)'\n'))
            : "?";
    }
}
