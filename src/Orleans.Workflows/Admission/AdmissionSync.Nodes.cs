namespace Orleans.Workflows.Admission;

/// <summary>
/// The nodes that runs wait for, because their sessions are there. One that reports lives; of one that does not, the ledger is
/// asked, and only while somebody waits for it.
/// </summary>
internal sealed partial class AdmissionSync
{
    private readonly Dictionary<string, long> _heard = [];

    /// <summary>Where storage is shared no run is bound to a node.</summary>
    private Offer Bound(Offer offer) => nodePatience is null && offer.Node is not null ? offer with { Node = null } : offer;

    /// <summary>A node is lost when the ledger does not know it, when an operator says so, or when its lease has been over for a whole adoption window: until then it may return with what it holds.</summary>
    private async Task LookForLostNodesAsync(CancellationToken cancellationToken)
    {
        var silent = Index.Wanted.Where(node => !_heard.TryGetValue(node, out var heard) || time.GetElapsedTime(heard) > options.PollWait * 2).ToHashSet(StringComparer.Ordinal);
        if (silent.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var rows = await ledger.ReadNodesAsync(cancellationToken);
        silent.ExceptWith(rows.Where(row => row.Loss is null && now < row.LeaseUntil + nodePatience).Select(row => row.Node));
        foreach (var node in silent)
        {
            if (Index.Lose(node))
            {
                LogLost(node);
            }
        }
    }
}
