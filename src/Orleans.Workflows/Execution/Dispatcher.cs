using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Execution.Room;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>
/// One per silo: tells the admission grain what this silo knows, and starts what it grants. News is sent as soon as the
/// last report is answered, so a burst shares calls; with no news a long poll waits for work, so an idle silo is silent.
/// </summary>
internal sealed partial class Dispatcher(IGrainFactory grains, Attempts attempts, IOptions<ExecutionOptions> options, IOptions<NodeOptions> self, IOptions<AdmissionOptions> admission, StartRoom room, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Dispatcher> logger)
    : BackgroundService, IAdmissionLink
{
    private const int ClaimTries = 3;

    /// <summary>How long a grant waits for its slot here: far longer than an attempt takes from its durable end to its slot's.</summary>
    private static readonly TimeSpan SlotPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan UsagePause = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked whether this node may start more or fewer than it told.</summary>
    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly string _node = options.Value.Node;
    private readonly string[] _labels = [.. self.Value.Labels];
    private readonly IAdmissionGrain _admission = grains.GetGrain<IAdmissionGrain>(0);
    private readonly IExecutorGrain _executors = grains.GetGrain<IExecutorGrain>(0);
    private DispatcherNews _pending = new();
    private volatile int _waiting;
    private volatile bool _mayRefuse = true;
    private volatile bool _isProbing;
    private volatile bool _countsUsage = true;
    private int _tellsSoon;
    private volatile int _starts = int.MaxValue;
    private volatile bool _draining;

    public int Waiting => _waiting;

    public bool MayRefuse => _mayRefuse;

    public bool IsProbing => _isProbing;

    public bool CountsUsage => _countsUsage;

    public void Offer(Offer offer) => Tell(news => news.Offers.Add(offer));

    public void Withdraw(RunId run) => Tell(news => news.Withdrawn.Add(run));

    public void Release(RunId run, int attempt) => Tell(news => news.Released.Add(new(run, attempt)));

    public void Unlock(RunId run, int attempt) => Tell(news => news.Unlocked.Add(new(run, attempt)));

    public void Find(AttemptFinding finding) => Tell(news => news.Findings.Add(finding));

    public void Spend(AttemptUsage usage)
    {
        lock (_lock)
        {
            _pending.Usage[(usage.Run, usage.Attempt)] = usage;
        }

        if (usage.HasEnded)
        {
            _news.Writer.TryWrite(true);
        }
        else if (Interlocked.Exchange(ref _tellsSoon, 1) == 0)
        {
            _ = TellSoonAsync();
        }
    }

    /// <summary>Takes no more grants; what runs goes on.</summary>
    public void Drain()
    {
        _draining = true;
        _news.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Reports go on as long as they can; polls end at once, as grains answer them at once from then on.
        await using var draining = lifetime.ApplicationStopping.Register(Drain);
        using var polling = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await Task.WhenAll(Task.Run(() => ReportAsync(stoppingToken), stoppingToken), Task.Run(() => PollAsync(polling.Token), polling.Token), WatchRoomAsync(polling.Token));
    }

    private void Tell(Action<DispatcherNews> add)
    {
        lock (_lock)
        {
            add(_pending);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Agents say often what they have used: that alone is worth a call a second.</summary>
    private async Task TellSoonAsync()
    {
        await Task.Delay(UsagePause, time);
        Volatile.Write(ref _tellsSoon, 0);
        _news.Writer.TryWrite(true);
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        await foreach (var _ in _news.Reader.ReadAllAsync(stopping))
        {
            DispatcherNews news;
            lock (_lock)
            {
                (news, _pending) = (_pending, new());
            }

            // Every part of a report is idempotent, so one of unknown fate is sent again whole.
            while (!await ExchangeAsync(news, TimeSpan.Zero))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, stopping);
            }
        }
    }

    private async Task PollAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            // The poll itself can't be canceled; a grant that it still brings is not taken, as this node drains.
            if (!await ExchangeAsync(new(), admission.Value.PollWait).WaitAsync(stopping))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping);
            }
        }
    }

    /// <summary>Memory and time make room without any news of a run.</summary>
    private async Task WatchRoomAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(RoomPause, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (Starts(room.Look(attempts.Young)) != _starts)
            {
                _news.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>More than the slots makes no difference.</summary>
    private int Starts(NodeRoom? found) => Math.Min(found?.Starts ?? int.MaxValue, options.Value.Slots);

    private async Task<bool> ExchangeAsync(DispatcherNews news, TimeSpan wait)
    {
        try
        {
            var found = room.Look(attempts.Young);
            _starts = Starts(found);
            var report = new NodeReport
            {
                Node = _node,
                Slots = _draining ? 0 : options.Value.Slots,
                Offers = news.Offers,
                Withdrawn = news.Withdrawn,
                Claimed = news.Claimed,
                Released = news.Released,
                Returned = news.Returned,
                Unlocked = news.Unlocked,
                Findings = news.Findings,
                Usage = [.. news.Usage.Values],
                Labels = _labels,
                IsFrontend = self.Value.Role is NodeRole.Frontend,
                Room = found,
                Wait = wait,
            };
            var orders = await _admission.ExchangeAsync(report);
            (_waiting, _mayRefuse, _isProbing, _countsUsage) = (orders.Waiting, orders.MayRefuse, orders.IsProbing, orders.CountsUsage);
            foreach (var grant in orders.Grants)
            {
                _ = StartAsync(grant);
            }

            return true;
        }
        catch (Exception exception)
        {
            LogExchange(exception);
            return false;
        }
    }

    private async Task StartAsync(Grant grant)
    {
        // The node's own count is the last word on its slots, whatever the admission grain believes.
        if (_draining || !await attempts.ReserveAsync(grant.Run, SlotPatience))
        {
            GiveBack(grant);
            return;
        }

        room.Start();
        LaunchOrder? order = null;
        try
        {
            order = await ClaimAsync(grant);
            if (order is null)
            {
                attempts.CancelReservation(grant.Run);
                Tell(news => news.Returned.Add(grant));
                return;
            }

            Tell(news => news.Claimed.Add(new(grant, order.Attempt)));
            await _executors.LaunchAsync(order);
        }
        catch (RunConflictException conflict)
        {
            // Nothing was written. Should the run still wait, it is granted again; else that grant finds nothing to claim.
            attempts.CancelReservation(grant.Run);
            GiveBack(grant);
            LogConflicts(grant.Run, ClaimTries, conflict.Message);
        }
        catch (Exception exception) when (order is null)
        {
            // Unknown fate: an unclaimed grant becomes void by itself, a claimed one is found by the run's start deadline.
            attempts.CancelReservation(grant.Run);
            LogClaim(grant.Run, exception);
        }
        catch (Exception exception)
        {
            attempts.CancelReservation(grant.Run);
            LogLaunch(grant.Run, order!.Attempt, exception);
        }
    }

    /// <summary>A conflict is another step of the run that was first: the claim is decided again on what stands now.</summary>
    private async Task<LaunchOrder?> ClaimAsync(Grant grant)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await grains.GetRunAttempts(grant.Run).ClaimAsync(grant, _node, ProcessIdentity.BootId);
            }
            catch (RunConflictException conflict) when (tries < ClaimTries)
            {
                LogConflict(grant.Run, conflict.Message);
            }
        }
    }

    private void GiveBack(Grant grant) => Tell(news =>
    {
        news.Returned.Add(grant);
        news.Offers.Add(new(grant.Run, grant.Queue, grant.QueuedAt) { DueAt = grant.DueAt, Node = grant.Node, Demand = grant.Demand });
    });

    [LoggerMessage(LogLevel.Warning, "The admission grain can't be reached; trying again.")]
    private partial void LogExchange(Exception exception);

    [LoggerMessage(LogLevel.Information, "Run {Run} changed while it claimed its slot; it claims again. {Conflict}")]
    private partial void LogConflict(RunId run, string conflict);

    [LoggerMessage(LogLevel.Information, "Run {Run} changed {Tries} times while it claimed its slot; the slot is given back and the run queues again. {Conflict}")]
    private partial void LogConflicts(RunId run, int tries, string conflict);

    [LoggerMessage(LogLevel.Warning, "Run {Run} was granted a slot, but whether it was claimed is unknown.")]
    private partial void LogClaim(RunId run, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} has its slot, but whether it was launched is unknown; its start deadline finds out.")]
    private partial void LogLaunch(RunId run, int attempt, Exception exception);
}
