using Orleans.Workflows.Chaos.Cluster;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>Harm to the database, or to one node's line to it.</summary>
internal static class DatabaseFaults
{
    public static async Task RestartAsync(FaultKind kind, FaultContext context)
    {
        context.Count(kind, "");
        await context.Cluster.Postgres.RestartAsync(immediate: kind == FaultKind.PostgresImmediate);
    }

    public static async Task DisturbAsync(FaultKind kind, ChaosNode node, FaultContext context)
    {
        context.Count(kind, node.Name);
        try
        {
            switch (kind)
            {
                case FaultKind.DatabaseCut:
                    node.Database.Cut();
                    await context.PauseAsync(0.1, 5);
                    break;
                case FaultKind.DatabaseSilence:
                    node.Database.Silence();
                    await context.PauseAsync(0.5, 8);
                    break;
                case FaultKind.DatabaseDelay:
                    node.Database.Delay = TimeSpan.FromMilliseconds(context.Random.Next(20, 500));
                    await context.PauseAsync(2, 8);
                    break;
                default:
                    var now = context.Log.Time.GetUtcNow();
                    context.Log.Explain(new(kind.Name(), null, node.Name, now, now + (3 * ChaosCluster.Lease)));
                    node.Database.Cut();
                    await context.PauseAsync(ChaosCluster.Lease.TotalSeconds * 1.2, ChaosCluster.Lease.TotalSeconds * 1.5);
                    break;
            }
        }
        finally
        {
            node.Database.Mend();
        }
    }
}
