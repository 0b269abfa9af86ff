using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Nodes;

/// <summary>Remembers when each node's lease was last seen to move, by this machine's steady clock.</summary>
internal sealed class NodeWatch(TimeProvider time)
{
    private readonly Dictionary<string, (DateTimeOffset Lease, long SeenAt)> _seen = [];

    /// <summary>This node could not see the ledger: whatever it knew of others counts no more.</summary>
    public void Forget() => _seen.Clear();

    /// <summary>Those of <paramref name="nodes"/> whose lease has not moved for at least <paramref name="window"/>.</summary>
    public HashSet<string> Lost(IReadOnlyList<NodeRow> nodes, TimeSpan window)
    {
        var now = time.GetTimestamp();
        var lost = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (!_seen.TryGetValue(node.Node, out var seen) || seen.Lease != node.LeaseUntil)
            {
                _seen[node.Node] = (node.LeaseUntil, now);
            }
            else if (time.GetElapsedTime(seen.SeenAt, now) >= window)
            {
                lost.Add(node.Node);
            }
        }

        return lost;
    }
}
