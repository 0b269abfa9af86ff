using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Retention;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Tests.Workspaces;

namespace Orleans.Workflows.Tests.Retention;

public sealed class RetentionServiceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ILedger _ledger = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _ledger = await LedgerFactory.OpenAsync(new() { Provider = LedgerProviders.Sqlite, Node = "n", ConnectionString = $"Data Source={_folder["ledger.db"]}" }, _time, NullLoggerFactory.Instance, Token);

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ended_runs_go_when_their_time_is_over_and_others_stay()
    {
        var ended = await RunAsync("a", ends: true);
        var waiting = await RunAsync("b", ends: false);
        using var service = Service(new() { RunsAge = TimeSpan.FromDays(10), RunsAtOnce = 1 });
        await service.StartAsync(Token);
        _time.Advance(TimeSpan.FromDays(9));
        var later = await RunAsync("c", ends: true);
        await StepsAsync(() => KeyIsGoneAsync("a"));
        Assert.NotNull(await _ledger.ReadRunAsync(ended, Token));

        _time.Advance(TimeSpan.FromDays(2));
        await StepsAsync(async () => await _ledger.ReadRunAsync(ended, Token) is null);
        await service.StopAsync(Token);

        Assert.NotNull(await _ledger.ReadRunAsync(waiting, Token));
        Assert.NotNull(await _ledger.ReadRunAsync(later, Token));
    }

    [Fact]
    public async Task By_default_runs_are_kept_for_ever_and_only_keys_go()
    {
        var ended = await RunAsync("a", ends: true);
        using var service = Service(new());
        await service.StartAsync(Token);
        _time.Advance(TimeSpan.FromHours(23));
        Assert.False(await KeyIsGoneAsync("a"));

        _time.Advance(TimeSpan.FromDays(10_000));
        await StepsAsync(() => KeyIsGoneAsync("a"));
        await service.StopAsync(Token);

        Assert.NotNull(await _ledger.ReadRunAsync(ended, Token));
    }

    [Fact]
    public async Task No_run_goes_before_the_totals_hold_it()
    {
        var ended = await RunAsync("a", ends: true);
        var totals = new Totals(_ledger) { IsAway = true };
        using var service = Service(new() { RunsAge = TimeSpan.FromDays(1) }, totals);
        await service.StartAsync(Token);
        _time.Advance(TimeSpan.FromDays(2));
        await StepsAsync(() => Task.FromResult(totals.Asked > 1));
        Assert.NotNull(await _ledger.ReadRunAsync(ended, Token));

        totals.IsAway = false;
        await StepsAsync(async () => await _ledger.ReadRunAsync(ended, Token) is null);
        await service.StopAsync(Token);
        Assert.Contains(ended, totals.Counted);
    }

    private RetentionService Service(RetentionOptions options, IMetricsLink? totals = null) => new(_ledger, totals ?? new Totals(_ledger), Options.Create(options), _time, NullLogger<RetentionService>.Instance);

    private async Task<bool> KeyIsGoneAsync(string key) => await _ledger.ReadIdempotencyAsync("me", key, Token) is null;

    /// <summary>Lets the service look again and again until it has done something.</summary>
    private async Task StepsAsync(Func<Task<bool>> isDone) => await WaitFor.Value<object>(
        async _ =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return await isDone() ? isDone : null;
        },
        () => "It is still there.",
        cancellationToken: Token);

    private async Task<RunId> RunAsync(string key, bool ends)
    {
        var run = RunId.New(_time);
        var order = new RunOrder { DefinitionHash = "h", Agent = "command", Queue = "default", Caller = "me", CorrelationId = "c", Spec = new RunSpec { Prompt = "do" }.ToJson(), SessionId = Guid.CreateVersion7(), IdempotencyKey = key, RequestHash = [1] };
        await _ledger.PutDefinitionAsync(new("h", "w", "{}", _time.GetUtcNow()), Token);
        var accepted = RunDecisions.Accept(run, order, new(), _time.GetUtcNow());
        Assert.True((await _ledger.AppendAsync(accepted.Append!, Token)).IsCommitted);
        if (ends)
        {
            var canceled = RunDecisions.Cancel(accepted.Next, new() { Id = Guid.NewGuid(), Caller = "me", CorrelationId = "c" }, new(), _time.GetUtcNow());
            Assert.True((await _ledger.AppendAsync(canceled.Append!, Token)).IsCommitted);
        }

        return run;
    }

    /// <summary>Reads the ends as the metrics grain does.</summary>
    private sealed class Totals(ILedger ledger) : IMetricsLink
    {
        private volatile bool _isAway;
        private volatile int _asked;

        public bool IsAway
        {
            set => _isAway = value;
        }

        public int Asked => _asked;

        public HashSet<RunId> Counted { get; } = [];

        public async Task CatchUpAsync()
        {
            _asked++;
            if (_isAway)
            {
                throw new TimeoutException("The silo of the totals is away.");
            }

            Counted.UnionWith((await ledger.ReadEndedAsync(new Dictionary<int, long>(), 100)).Select(ended => ended.Run));
        }
    }
}
