using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Orleans.Workflows.Chaos.Cluster;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>Harm to the one place that gives out slots.</summary>
internal static partial class AdmissionFaults
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    // One that thaws may take the admission back for a moment: to freeze it then would freeze nothing.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    public static async Task AdvanceEpochAsync(FaultContext context)
    {
        context.Count(FaultKind.AdmissionEpoch, "");
        await using var source = NpgsqlDataSource.Create(context.Cluster.ConnectionString);
        await using var command = source.CreateCommand("update admission set epoch = epoch + 1");
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public static async Task FreezeAsync(FaultContext context)
    {
        if (await SettledAsync(context) is not { Pid: not null } node)
        {
            return;
        }

        context.Count(FaultKind.SecondAdmission, node.Name);
        var now = context.Log.Time.GetUtcNow();
        context.Log.Explain(new(FaultKind.SecondAdmission.Name(), null, node.Name, now, now + Longest));
        await node.SignalAsync("STOP");
        try
        {
            while (!context.Stopping.IsCancellationRequested && context.Log.Time.GetUtcNow() < now + Longest && Holder(context.Cluster.Nodes) == node)
            {
                await Task.Delay(Poll, context.Log.Time, CancellationToken.None);
            }
        }
        finally
        {
            await node.SignalAsync("CONT");
        }

        context.Log.Say($"{node.Name} was frozen for {(context.Log.Time.GetUtcNow() - now).TotalSeconds:0.0} s; {Holder(context.Cluster.Nodes)?.Name} holds the admission too");
    }

    /// <summary>The holder, once it has been the same for a while; null at the end of the schedule.</summary>
    private static async Task<ChaosNode?> SettledAsync(FaultContext context)
    {
        for (var (held, since) = (Held(context.Cluster.Nodes), context.Log.Time.GetTimestamp()); !context.Stopping.IsCancellationRequested;)
        {
            if (context.Log.Time.GetElapsedTime(since) >= Settled)
            {
                return held.Node;
            }

            await Task.Delay(Poll, context.Log.Time, CancellationToken.None);
            if (Held(context.Cluster.Nodes) is var now && now != held)
            {
                (held, since) = (now, context.Log.Time.GetTimestamp());
            }
        }

        return null;
    }

    private static ChaosNode? Holder(IReadOnlyList<ChaosNode> nodes) => Held(nodes).Node;

    /// <summary>The node that told last, by the epoch's number, that it rebuilt the admission.</summary>
    private static (ChaosNode? Node, long Epoch) Held(IReadOnlyList<ChaosNode> nodes) => nodes
        .Select(node => (Node: (ChaosNode?)node, Epoch: File.ReadLines(node.Log).Select(line => Rebuilt().Match(line)).Where(match => match.Success).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max()))
        .MaxBy(held => held.Epoch);

    [GeneratedRegex(@"Admission rebuilt from the ledger under epoch (\d+)")]
    private static partial Regex Rebuilt();
}
