using Orleans.Workflows.Chaos.Cluster;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>Harm to a server, or to a whole node.</summary>
internal static class SiloFaults
{
    public static async Task DoAsync(FaultKind kind, ChaosNode node, FaultContext context)
    {
        context.Count(kind, node.Name);
        if (kind == FaultKind.SiloStop)
        {
            await node.SignalAsync("STOP");
            await context.PauseAsync(0.5, 8);
            await node.SignalAsync("CONT");
            return;
        }

        if (kind == FaultKind.SiloCut)
        {
            await CutAsync(node, context);
            return;
        }

        await node.EndAsync(kind == FaultKind.SiloKill ? "KILL" : "TERM", CancellationToken.None);
        if (context.Random.Next(2) == 0)
        {
            await context.PauseAsync(0, 5);
        }

        await node.StartAsync(CancellationToken.None);
        context.Log.Say($"{node.Name} is ready again");
    }

    private static async Task CutAsync(ChaosNode node, FaultContext context)
    {
        try
        {
            switch (context.Random.Next(3))
            {
                case 0:
                    node.Silo.Cut();
                    break;
                case 1:
                    node.Silo.Silence();
                    break;
                default:
                    node.Silo.Delay = TimeSpan.FromMilliseconds(context.Random.Next(20, 1_000));
                    break;
            }

            await context.PauseAsync(0.5, 8);
        }
        finally
        {
            node.Silo.Mend();
        }
    }

    /// <summary>The machine burns: everything of the node ends at once, and its disk with it.</summary>
    public static async Task LoseAsync(ChaosNode node, FaultContext context)
    {
        context.Count(FaultKind.NodeLoss, node.Name);
        context.Log.Explain(new(FaultKind.NodeLoss.Name(), null, node.Name, context.Log.Time.GetUtcNow(), DateTimeOffset.MaxValue));
        await context.Cluster.LoseAsync(node, [.. AgentProcess.All(context.Cluster.Journal).Where(agent => agent.Home.StartsWith(node.StateDirectory + "/", StringComparison.Ordinal))]);
        await context.Cluster.AddNodeAsync(CancellationToken.None);
    }
}
