using Orleans.Workflows.Chaos.Cluster;
using Orleans.Workflows.Chaos.Load;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>What a fault works on.</summary>
/// <param name="Cluster">The nodes and their database.</param>
/// <param name="Load">The runs.</param>
/// <param name="Log">To be told before it is done.</param>
/// <param name="Random">Of this fault alone.</param>
/// <param name="Agents">Those alive when it began.</param>
/// <param name="Stopping">The schedule ends: mend at once.</param>
internal sealed record FaultContext(ChaosCluster Cluster, ChaosLoad Load, FaultLog Log, Random Random, IReadOnlyList<AgentProcess> Agents, CancellationToken Stopping)
{
    public void Count(FaultKind kind, string what) => Log.Count(kind, what, Agents.Count);

    /// <summary>A time within these bounds, shorter when the schedule ends.</summary>
    public async Task PauseAsync(double fromSeconds, double toSeconds)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(fromSeconds + (Random.NextDouble() * (toSeconds - fromSeconds))), Log.Time, Stopping);
        }
        catch (OperationCanceledException)
        {
            // Mended by whoever paused.
        }
    }
}
