using Orleans.Workflows.Chaos.Checking.Reading;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>An agent of this harness that lives now.</summary>
internal sealed record AgentProcess(int Pid, int Supervisor, Guid Run, string Home)
{
    /// <param name="journal">Theirs: other harnesses of the machine have their own.</param>
    public static IReadOnlyList<AgentProcess> All(string journal)
    {
        var all = new List<AgentProcess>();
        foreach (var pid in ProcessReader.Pids().Where(pid => ProcessReader.NameOf(pid) == "scripted-agent"))
        {
            if (ProcessReader.VariableOf(pid, "SCRIPTED_AGENT_JOURNAL") == journal && RunMarker.TryParse(ProcessReader.MarkerOf(pid), out var run, out _))
            {
                all.Add(new(pid, ProcessReader.ParentOf(pid), run, ProcessReader.VariableOf(pid, "HOME") ?? ""));
            }
        }

        return all;
    }
}
