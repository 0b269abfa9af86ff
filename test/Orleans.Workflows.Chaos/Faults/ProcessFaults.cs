using Orleans.Workflows.Chaos.Checking.Reading;
using Orleans.Workflows.Chaos.Cluster;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>SIGKILL of an agent or of its supervisor.</summary>
internal static class ProcessFaults
{
    public static async Task KillAsync(FaultKind kind, FaultContext context)
    {
        if (context.Agents.Count == 0)
        {
            return;
        }

        var agent = context.Agents[context.Random.Next(context.Agents.Count)];
        var pid = kind == FaultKind.AgentKill ? agent.Pid : agent.Supervisor;
        if (kind == FaultKind.SupervisorKill && !ProcessReader.NameOf(pid).StartsWith("orleans-workflo", StringComparison.Ordinal))
        {
            return;
        }

        context.Log.Explain(new(kind.Name(), agent.Run, null, context.Log.Time.GetUtcNow(), context.Log.Time.GetUtcNow()));
        context.Count(kind, $"run {agent.Run}, pid {pid}");
        await Signals.SendAsync(pid, "KILL");
    }
}
