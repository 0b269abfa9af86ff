using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>The cluster's one place that decides who runs next. See <see cref="IAdmissionGrain"/> for what it promises.</summary>
internal sealed partial class AdmissionGrain(ILedger ledger, IOptions<AdmissionOptions> options, IOptions<RunOptions> runs, IOptions<ExecutionOptions> execution, AgentCatalog agents, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AdmissionGrain> logger)
    : Grain, IAdmissionGrain
{
    /// <summary>What is due later is looked at again by then; a timer takes 49 days at most.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly AdmissionOptions _options = options.Value;
    private readonly AdmissionSync _sync = new(ledger, options.Value, PatienceOf(runs.Value, execution.Value), time, logger, agent => agents.Find(agent) is { Capabilities.ReportsUsage: false });
    private readonly Dictionary<string, TaskCompletionSource<Grant[]>> _parked = [];

    private AdmissionIndex Index => _sync.Index;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _sync.RebuildAsync(cancellationToken);
        this.RegisterGrainTimer(HealAsync, new GrainTimerCreationOptions(_options.HealPeriod, _options.HealPeriod) { Interleave = true, KeepAlive = true });
        SetDueClock();
    }

    public async Task<NodeOrders> ExchangeAsync(NodeReport report)
    {
        _sync.Take(report);
        if (Index.HasNewHolds)
        {
            // They stand already: the answer need not wait for it.
            _ = SaveHoldsAsync();
        }

        SetDueClock();
        var grants = Serve(report.Node);
        if (grants.Length == 0 && report.Wait > TimeSpan.Zero)
        {
            grants = await ParkAsync(report.Node, report.Wait);
        }

        return new(grants, Index.Waiting) { MayRefuse = Index.MayRefuse, IsProbing = Index.IsProbing, CountsUsage = Index.CountsUsage };
    }

    public Task<IReadOnlyList<QueueInfo>> GetQueuesAsync() =>
        Task.FromResult<IReadOnlyList<QueueInfo>>(Index.Queues.OrderBy(queue => queue.Name, StringComparer.Ordinal).Select(Describe).ToArray());

    public async Task<IReadOnlyList<LockInfo>> GetLocksAsync() => Index.DescribeLocks(await ledger.ReadLocksAsync());

    public Task<int?> GetPositionAsync(RunId run) => Task.FromResult(Index.PositionOf(run));

    public Task<Failure?> AdmitAsync(RunId run, string queue, string? demand) => Task.FromResult(Index.Admit(run, queue, demand));

    public Task<WaitInfo?> ExplainAsync(RunId run) => Task.FromResult(Index.Explain(run));

    private async Task HealAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _sync.HealAsync(cancellationToken);
            await _sync.SaveHoldsAsync(cancellationToken);
            _dueClock = null;
            SetDueClock();
            Serve();
        }
        catch (LedgerUnavailableException unavailable)
        {
            LogUnavailable(unavailable);
        }
    }

    /// <summary>A node polls once at a time: a newer poll of the same node ends the older one.</summary>
    private async Task<Grant[]> ParkAsync(string node, TimeSpan wait)
    {
        var parked = new TaskCompletionSource<Grant[]>();
        if (_parked.Remove(node, out var older))
        {
            older.TrySetResult([]);
        }

        _parked[node] = parked;
        // A silo can't stop while a grain of it still waits.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        await Task.WhenAny(parked.Task, Task.Delay(wait < _options.PollWait ? wait : _options.PollWait, time, over.Token));
        await over.CancelAsync();
        if (_parked.GetValueOrDefault(node) == parked)
        {
            _parked.Remove(node);
        }

        return parked.Task.IsCompletedSuccessfully ? await parked.Task : [];
    }

    /// <summary>Grants to whoever polls and to whoever asks, and answers what the latter got.</summary>
    private Grant[] Serve(string? asking = null)
    {
        var granted = _sync.Grant(asking is null ? [.. _parked.Keys] : [asking, .. _parked.Keys.Where(node => node != asking)]);
        foreach (var grants in granted.Where(grants => grants.Key != asking))
        {
            _parked.Remove(grants.Key, out var parked);
            parked!.TrySetResult(grants.ToArray());
        }

        return asking is null ? [] : granted[asking].ToArray();
    }

    /// <summary>Each node hears at once what has changed.</summary>
    private void AnswerAll()
    {
        foreach (var parked in _parked.Values)
        {
            parked.TrySetResult([]);
        }

        _parked.Clear();
    }

    /// <summary>Without leases there is one node: no other will return.</summary>
    private static TimeSpan? PatienceOf(RunOptions runs, ExecutionOptions execution) =>
        runs.SharedStorage ? null : execution.Lease is null ? TimeSpan.Zero : execution.AdoptionWindow;

    private QueueInfo Describe(AdmissionQueue queue) => new()
    {
        Name = queue.Name,
        Limit = Index.LimitOf(queue.Name),
        Running = queue.Running,
        Waiting = queue.Waiting,
        OldestQueuedAt = queue.OldestQueuedAt,
    };

    [LoggerMessage(LogLevel.Warning, "The ledger can't be reached; the heal scan waits.")]
    private partial void LogUnavailable(Exception exception);
}
