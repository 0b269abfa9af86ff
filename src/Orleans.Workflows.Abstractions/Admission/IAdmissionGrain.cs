using Orleans.Concurrency;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Who may run next: one per cluster (key 0). Its index is memory, rebuilt from the ledger; a slot is occupied exactly
/// while the ledger shows an attempt that has not ended. A second activation is harmless: each takes a new epoch, and a
/// claim under an older one fails in the ledger. Of the nodes that ask, the one with the largest share of free slots is served
/// first; a run whose session is on a node waits for that node, until the node is lost.
/// </summary>
[Alias("admission-grain")]
public interface IAdmissionGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a node's report and answers what it may start; waits for work up to <see cref="NodeReport.Wait"/>.</summary>
    [Alias("exchange"), AlwaysInterleave]
    Task<NodeOrders> ExchangeAsync(NodeReport report);

    [Alias("queues"), AlwaysInterleave]
    Task<IReadOnlyList<QueueInfo>> GetQueuesAsync();

    /// <summary>Sets a queue's limit durably; null removes it. Lowering never ends what runs.</summary>
    [Alias("set-limit")]
    Task<QueueInfo> SetLimitAsync(string queue, int? limit);

    /// <summary>1 for the next in its queue; null when it does not wait.</summary>
    [Alias("position"), AlwaysInterleave]
    Task<int?> GetPositionAsync(RunId run);
}
