using System.Globalization;
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
        var descendants = Descendants();
        foreach (var pid in descendants)
        {
            if (pid != agent && _survivors.Add(pid) && _listed.Count < ExitRecord.MaximumSurvivors)
                _listed.Add(new EndedProcess { Pid = pid, Name = NameOf(pid) });
            _ = Libc.Kill(pid, signal);
        }

        return descendants.Count;
    }

    private static List<int> Descendants()
    {
        var found = new List<int>();
        if (!AddChildren(Libc.GetProcessId(), found))
            return DescendantsByParent();
        for (var next = 0; next < found.Count; next++)
            AddChildren(found[next], found);
        return found;
    }

    // False where the kernel has no such file (CONFIG_PROC_CHILDREN).
    private static bool AddChildren(int pid, List<int> found)
    {
        var known = false;
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                var children = Path.Combine(thread, "children");
                if (!File.Exists(children))
                    continue;
                known = true;
                foreach (var child in File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    found.Add(int.Parse(child, CultureInfo.InvariantCulture));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or it is another user's on a machine that hides those (hidepid). Its children are ours once it
            // is gone: a later round sees them.
        }

        return known;
    }

    private static List<int> DescendantsByParent()
    {
        var parents = new List<(int Pid, int Parent)>();
        Span<byte> stat = stackalloc byte[1024];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && PosixFile.Read($"{directory}/stat", stat) is { } length)
            {
                parents.Add((pid, int.Parse(ProcessIdentity.Field(stat[..length], 4), CultureInfo.InvariantCulture)));
            }
        }

        var found = new List<int>();
        var generation = new HashSet<int> { Libc.GetProcessId() };
        while (generation.Count > 0)
        {
            generation = [.. parents.Where(entry => generation.Contains(entry.Parent)).Select(entry => entry.Pid)];
            found.AddRange(generation);
        }

        return found;
    }

    private static string NameOf(int pid)
    {
        Span<byte> name = stackalloc byte[64];
        return PosixFile.Read($"/proc/{pid}/comm", name) is { } length
            ? Encoding.UTF8.GetString(name[..length].TrimEnd((byte)'\n'))
            : "?";
    }
}
