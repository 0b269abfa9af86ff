using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Failures;
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

    /// <summary>The limits that hold, by name: those that were put, and those of the settings.</summary>
    [Alias("limits"), AlwaysInterleave]
    Task<IReadOnlyList<LimitInfo>> GetLimitsAsync();

    /// <summary>
    /// Puts or removes a limit durably; it holds from the answer on, and lowering never ends what runs. Idempotent. Refused
    /// where another limit has the same dimension, label, measure and key, or there is none to remove. Should another activation
    /// have taken over meanwhile, that one knows of it within <c>ReconcilePeriod</c>.
    /// </summary>
    [Alias("put-limit")]
    Task<LimitResult> PutLimitAsync(LimitOrder order);

    /// <summary>The holds that stand, by name.</summary>
    [Alias("holds"), AlwaysInterleave]
    Task<IReadOnlyList<HoldInfo>> GetHoldsAsync();

    /// <summary>
    /// Puts or releases a hold durably; it holds from the answer on, and what runs goes on. Idempotent. Should another activation
    /// have taken over meanwhile, that one knows of it within <c>ReconcilePeriod</c>.
    /// </summary>
    [Alias("put-hold")]
    Task<HoldResult> PutHoldAsync(HoldOrder order);

    /// <summary>The locks that runs hold or wait for, by name.</summary>
    [Alias("locks"), AlwaysInterleave]
    Task<IReadOnlyList<LockInfo>> GetLocksAsync();

    /// <summary>1 for the next in its queue; null when it does not wait.</summary>
    [Alias("position"), AlwaysInterleave]
    Task<int?> GetPositionAsync(RunId run);

    /// <summary>
    /// Whether a new run may join its queue: null, and its place is kept for some seconds, or why not (429, with the time after
    /// which there is likely room). Only <see cref="LimitMeasure.Waiting"/> and limits that reject refuse.
    /// </summary>
    [Alias("admit"), AlwaysInterleave]
    Task<Failure?> AdmitAsync(RunId run, string queue, string? demand);

    /// <summary>Why a run does not start yet; null when it does not wait here.</summary>
    [Alias("explain"), AlwaysInterleave]
    Task<WaitInfo?> ExplainAsync(RunId run);
}
