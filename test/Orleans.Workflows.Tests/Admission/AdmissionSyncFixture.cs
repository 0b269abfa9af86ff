using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>A real ledger, an index that is kept true to it, and the steps that nodes and runs would take.</summary>
internal sealed class AdmissionSyncFixture : IAsyncDisposable
{
    public const string Queue = "narrow";

    private readonly DirectoryInfo _directory;
    private readonly MeterListener _listener = new();
    private int _repairs;

    private AdmissionSyncFixture(DirectoryInfo directory, ILedger ledger)
    {
        _directory = directory;
        Ledger = ledger;
        (var held, Hold) = HeldLedger.Around(ledger);
        Sync = new(held, Options, TimeSpan.FromMinutes(10), Time, NullLogger.Instance);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "workflows.admission.repairs")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => _repairs += (int)count);
        _listener.Start();
    }

    public ILedger Ledger { get; }

    public HeldLedger Hold { get; }

    public AdmissionOptions Options { get; } = new() { QueueLimits = { [Queue] = 1 } };

    public JumpingTime Time { get; } = new();

    public AdmissionSync Sync { get; }

    /// <summary>What the counter counted.</summary>
    public int Repairs => _repairs;

    public static async Task<AdmissionSyncFixture> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ow-admission-");
        var ledger = await LedgerFactory.OpenAsync(
            new() { ConnectionString = $"Data Source={Path.Combine(directory.FullName, "ledger.db")}", Node = "n" }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        return new(directory, ledger);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await Ledger.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    public Task HealAsync() => Sync.HealAsync(TestContext.Current.CancellationToken);

    public Task RebuildAsync() => Sync.RebuildAsync(TestContext.Current.CancellationToken);

    /// <summary>Time passes until slots are to be compared, and they are.</summary>
    public Task ReconcileAsync()
    {
        Time.Advance(Options.ReconcilePeriod);
        return HealAsync();
    }

    public void Report(NodeReport report) => Sync.Take(report);

    public void Report() => Report(new() { Node = "n", Slots = 10 });

    public IReadOnlyList<Grant> Take() => [.. Sync.Grant(["n"])["n"]];

    /// <summary>Accepts a run, of which nobody tells.</summary>
    public async Task<RunRow> AcceptAsync(DateTimeOffset? queuedAt = null, DateTimeOffset? nextDeadline = null, string? node = null, string? demand = null)
    {
        var at = queuedAt ?? Time.GetUtcNow();
        var run = new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Version = 1,
            DefinitionHash = "d",
            Agent = "scripted",
            Queue = Queue,
            Caller = "test",
            CorrelationId = "c",
            Spec = "{}",
            SessionId = Guid.CreateVersion7(),
            CreatedAt = at,
            Status = RunStatus.Queued,
            QueuedAt = at,
            WaitsFor = "a slot",
            NextDeadline = nextDeadline,
            Node = node,
            Demand = demand,
        };
        await AppendAsync(new() { Run = run });
        return run;
    }

    /// <summary>The grant becomes a durable attempt, of which nobody tells.</summary>
    public async Task<RunRow> ClaimAsync(RunRow run, Grant? grant)
    {
        var number = run.Epoch + 1;
        var starting = run with { Version = run.Version + 1, Status = RunStatus.Starting, WaitsFor = null, NextDeadline = Time.GetUtcNow(), Epoch = number, OpenAttempt = number, Node = "n" };
        var attempt = new AttemptRow { Run = run.Id, Number = number, Node = "n", Queue = Queue, ClaimedAt = Time.GetUtcNow() };
        var locks = (Demand.FromJson(run.Demand).Locks ?? []).Select(item => new LockRow(item.Name, run.Id, number, item.Mode.ToString(), number, Time.GetUtcNow())).ToArray();
        await AppendAsync(new() { Run = starting, Attempt = attempt, NewAttempt = true, AdmissionEpoch = grant?.Epoch, Locks = locks });
        return starting;
    }

    /// <summary>The attempt ends and the run queues again, of which nobody tells.</summary>
    public async Task<RunRow> EndAttemptAsync(RunRow run)
    {
        var open = (await Ledger.ReadAttemptsAsync(run.Id)).Single(attempt => attempt.EndedAt is null);
        var queued = run with { Version = run.Version + 1, Status = RunStatus.Queued, OpenAttempt = null, WaitsFor = "a slot", QueuedAt = Time.GetUtcNow() };
        await AppendAsync(new() { Run = queued, Attempt = open with { EndedAt = Time.GetUtcNow(), Reason = new("x", "x") } });
        return queued;
    }

    /// <summary>The run ends with its attempt, of which nobody tells.</summary>
    public async Task EndAsync(RunRow run, TokenUsage? usage = null)
    {
        var open = (await Ledger.ReadAttemptsAsync(run.Id)).Single(attempt => attempt.EndedAt is null);
        var failed = run with { Version = run.Version + 1, Status = RunStatus.Failed, OpenAttempt = null, NextDeadline = null, EndedAt = Time.GetUtcNow(), Reason = new("x", "x") };
        await AppendAsync(new() { Run = failed, Attempt = open with { StartedAt = Time.GetUtcNow(), EndedAt = Time.GetUtcNow(), Reason = new("x", "x"), Usage = usage ?? new() } });
    }

    /// <summary>Accepts and starts a run, told as it should be.</summary>
    public async Task<(RunRow Run, Grant Grant)> StartRunAsync(string? demand = null)
    {
        var run = await AcceptAsync(demand: demand);
        Report(new() { Node = "n", Slots = 10, Offers = [new(run.Id, Queue, run.QueuedAt!.Value) { Demand = demand }] });
        var grant = Assert.Single(Take());
        var starting = await ClaimAsync(run, grant);
        Report(new() { Node = "n", Slots = 10, Claimed = [new(grant, 1)] });
        return (starting, grant);
    }

    private async Task AppendAsync(Ledger.Appending.LedgerAppend append)
    {
        var result = await Ledger.AppendAsync(append);
        Assert.True(result.IsCommitted, result.ToString());
    }
}
