using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Cli.Client;

internal sealed partial class ApiClient
{
    public Task<Answer<CleanupInfo>> CleanupAsync(CleanupBody body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "cleanup", body, ApiJson.Default.CleanupBody, ApiJson.Default.CleanupInfo, null, cancellationToken);

    public Task<Answer<WorkflowList>> WorkflowsAsync(CancellationToken cancellationToken) =>
        GetAsync("workflows", ApiJson.Default.WorkflowList, cancellationToken);

    /// <summary>Has the server read its folders again.</summary>
    public Task<Answer<WorkflowList>> ReloadAsync(CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Post, "workflows/reload"), ApiJson.Default.WorkflowList, cancellationToken);

    public Task<Answer<WorkflowListing>> WorkflowAsync(string name, CancellationToken cancellationToken) =>
        GetAsync($"workflows/{Uri.EscapeDataString(name)}", ApiJson.Default.WorkflowListing, cancellationToken);

    public Task<Answer<ItemList<QueueInfo>>> QueuesAsync(CancellationToken cancellationToken) =>
        GetAsync("queues", ApiJson.Default.ItemListQueueInfo, cancellationToken);

    public Task<Answer<QueueInfo>> SetQueueAsync(string name, int? limit, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"queues/{Uri.EscapeDataString(name)}", new QueueBody(limit), ApiJson.Default.QueueBody, ApiJson.Default.QueueInfo, null, cancellationToken);

    public Task<Answer<ItemList<LockInfo>>> LocksAsync(CancellationToken cancellationToken) =>
        GetAsync("locks", ApiJson.Default.ItemListLockInfo, cancellationToken);

    public Task<Answer<ItemList<HoldInfo>>> HoldsAsync(CancellationToken cancellationToken) =>
        GetAsync("holds", ApiJson.Default.ItemListHoldInfo, cancellationToken);

    public Task<Answer<HoldInfo>> PutHoldAsync(HoldBody hold, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "holds", hold, ApiJson.Default.HoldBody, ApiJson.Default.HoldInfo, null, cancellationToken);

    public Task<Answer<HoldInfo>> ReleaseHoldAsync(HoldReleaseBody hold, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "holds/release", hold, ApiJson.Default.HoldReleaseBody, ApiJson.Default.HoldInfo, null, cancellationToken);

    public Task<Answer<ItemList<HoldChange>>> HoldHistoryAsync(HoldReleaseBody hold, CancellationToken cancellationToken) => GetAsync(
        $"holds/history?dimension={hold.Dimension}{(hold.Key is null ? "" : $"&key={Uri.EscapeDataString(hold.Key)}")}{(hold.Label is null ? "" : $"&label={Uri.EscapeDataString(hold.Label)}")}",
        ApiJson.Default.ItemListHoldChange, cancellationToken);

    public Task<Answer<ItemList<LimitInfo>>> LimitsAsync(CancellationToken cancellationToken) =>
        GetAsync("limits", ApiJson.Default.ItemListLimitInfo, cancellationToken);

    public Task<Answer<ItemList<LimitChange>>> LimitHistoryAsync(string name, CancellationToken cancellationToken) =>
        GetAsync($"limits/{Uri.EscapeDataString(name)}/history", ApiJson.Default.ItemListLimitChange, cancellationToken);

    public Task<Answer<LimitInfo>> PutLimitAsync(string name, LimitBody limit, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"limits/{Uri.EscapeDataString(name)}", limit, ApiJson.Default.LimitBody, ApiJson.Default.LimitInfo, null, cancellationToken);

    public Task<Answer<LimitInfo>> RemoveLimitAsync(string name, string? note, CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Delete, $"limits/{Uri.EscapeDataString(name)}{(note is null ? "" : $"?note={Uri.EscapeDataString(note)}")}"), ApiJson.Default.LimitInfo, cancellationToken);

    public Task<Answer<ItemList<NodeInfo>>> NodesAsync(CancellationToken cancellationToken) =>
        GetAsync("nodes", ApiJson.Default.ItemListNodeInfo, cancellationToken);

    public Task<Answer<NodeLossAnswer>> DeclareNodeLostAsync(string name, string reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"nodes/{Uri.EscapeDataString(name)}/lost", new NodeLossBody(MachineIsOff: true, reason), ApiJson.Default.NodeLossBody, ApiJson.Default.NodeLossAnswer, null, cancellationToken);

    public Task<Answer<ItemList<UsageTotals>>> TotalsAsync(CancellationToken cancellationToken) =>
        GetAsync("metrics/totals", ApiJson.Default.ItemListUsageTotals, cancellationToken);
}
