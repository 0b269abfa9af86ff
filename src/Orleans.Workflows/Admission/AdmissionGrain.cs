using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>The cluster's one place that decides who runs next. See <see cref="IAdmissionGrain"/> for what it promises.</summary>
internal sealed partial class AdmissionGrain(ILedger ledger, IOptions<AdmissionOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AdmissionGrain> logger)
    : Grain, IAdmissionGrain
{
    private const int Page = 1000;

    /// <summary>How far back the heal scan looks: further than any commit takes.</summary>
    private static readonly TimeSpan HealWindow = TimeSpan.FromSeconds(60);

    private readonly AdmissionOptions _options = options.Value;
    private readonly Dictionary<string, TaskCompletionSource> _parked = [];
    private readonly Dictionary<string, int> _slots = [];
    private AdmissionIndex _index = new(options.Value, 0);
    private QueuedRunRow? _healFrom;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await RebuildAsync(cancellationToken);
        this.RegisterGrainTimer(HealAsync, new GrainTimerCreationOptions(_options.HealPeriod, _options.HealPeriod) { Interleave = true, KeepAlive = true });
    }

    public async Task<NodeOrders> ExchangeAsync(NodeReport report)
    {
        _slots[report.Node] = report.Slots;
        _index.SetNode(report.Node, report.Slots);
        foreach (var grant in report.Returned)
        {
            _index.Return(grant);
        }

        foreach (var (grant, attempt) in report.Claimed)
        {
            _index.Claim(grant, attempt);
        }

        foreach (var (run, attempt) in report.Released)
        {
            _index.Release(run, attempt);
        }

        foreach (var run in report.Withdrawn)
        {
            _index.Withdraw(run);
        }

        foreach (var offer in report.Offers)
        {
            _index.Offer(offer);
        }

        var grants = Take(report.Node);
        ServeParked();
        if (grants.Count == 0 && report.Wait > TimeSpan.Zero)
        {
            await ParkAsync(report.Node, report.Wait);
            grants = Take(report.Node);
        }

        return new(grants, _index.Waiting);
    }

    public Task<IReadOnlyList<QueueInfo>> GetQueuesAsync() =>
        Task.FromResult<IReadOnlyList<QueueInfo>>(_index.Queues.OrderBy(queue => queue.Name, StringComparer.Ordinal).Select(Describe).ToArray());

    public async Task<QueueInfo> SetLimitAsync(string queue, int? limit)
    {
        await ledger.PutQueueAsync(new QueueRow(queue, limit));
        _index.SetLimit(queue, limit);
        ServeParked();
        return Describe(_index.QueueOf(queue));
    }

    public Task<int?> GetPositionAsync(RunId run) => Task.FromResult(_index.PositionOf(run));

    /// <summary>A new epoch first, then the ledger is read: a claim under the old one can't slip in between.</summary>
    private async Task RebuildAsync(CancellationToken cancellationToken)
    {
        var epoch = await ledger.AdvanceAdmissionEpochAsync(cancellationToken);
        var index = new AdmissionIndex(_options, epoch);
        foreach (var (node, slots) in _slots)
        {
            index.SetNode(node, slots);
        }

        foreach (var queue in await ledger.ReadQueuesAsync(cancellationToken))
        {
            index.SetLimit(queue.Name, queue.Limit);
        }

        foreach (var attempt in await ledger.ReadOpenAttemptsAsync(cancellationToken))
        {
            index.Occupy(attempt.Run, attempt.Number, attempt.Queue, attempt.Node);
        }

        for (var page = await ledger.ReadQueuedAsync(null, Page, cancellationToken); page.Count > 0; page = await ledger.ReadQueuedAsync(page[^1], Page, cancellationToken))
        {
            foreach (var run in page)
            {
                index.Offer(new(run.Run, run.Queue, run.QueuedAt));
            }
        }

        _index = index;
        LogRebuilt(epoch, index.Waiting);
    }

    private async Task HealAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            if (_index.HasUnclaimedGrant(now - _options.ClaimTimeout))
            {
                LogVoid(_index.Epoch);
                await RebuildAsync(cancellationToken);
            }
            else
            {
                // One statement a period however much waits: a full page is gone on from at the next tick.
                var page = await ledger.ReadQueuedAsync(_healFrom ?? new(default, "", now - HealWindow, null), Page, cancellationToken);
                _healFrom = page.Count == Page ? page[^1] : null;
                foreach (var run in page)
                {
                    if (_index.Offer(new(run.Run, run.Queue, run.QueuedAt)))
                    {
                        LogHealed(run.Run);
                    }
                }
            }

            ServeParked();
        }
        catch (LedgerUnavailableException unavailable)
        {
            LogUnavailable(unavailable);
        }
    }

    private List<Grant> Take(string node) => _index.Take(node, time.GetUtcNow());

    /// <summary>A node polls once at a time: a newer poll of the same node ends the older one.</summary>
    private async Task ParkAsync(string node, TimeSpan wait)
    {
        var parked = new TaskCompletionSource();
        if (_parked.Remove(node, out var older))
        {
            older.TrySetResult();
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
    }

    private void ServeParked()
    {
        // Each takes for itself when it resumes; one that finds nothing polls again.
        foreach (var node in _parked.Keys.Where(_index.CanTake).ToArray())
        {
            _parked.Remove(node, out var parked);
            parked!.TrySetResult();
        }
    }

    private static QueueInfo Describe(AdmissionQueue queue) => new()
    {
        Name = queue.Name,
        Limit = queue.Limit,
        Running = queue.Running,
        Waiting = queue.Waiting,
        OldestQueuedAt = queue.Head?.QueuedAt,
    };

    [LoggerMessage(LogLevel.Information, "Admission rebuilt from the ledger under epoch {Epoch}; {Waiting} runs wait.")]
    private partial void LogRebuilt(long epoch, int waiting);

    [LoggerMessage(LogLevel.Warning, "A grant of epoch {Epoch} was not claimed in time; the epoch is void.")]
    private partial void LogVoid(long epoch);

    [LoggerMessage(LogLevel.Information, "Run {Run} was accepted but its offer was lost; it joins its queue now.")]
    private partial void LogHealed(RunId run);

    [LoggerMessage(LogLevel.Warning, "The ledger can't be reached; the heal scan waits.")]
    private partial void LogUnavailable(Exception exception);
}
