using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.Chaos.Checking.Reading;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.TestKit.Postgres;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>
/// A history in a real ledger, a real journal and real directories, without a defect: a run that completed, one whose
/// supervisor was killed and that completed in its second attempt, and one that was canceled before it started.
/// The ledger's guards are off for the writer, so that a test can plant what they forbid.
/// </summary>
internal sealed class PlantedHistory : IAsyncDisposable
{
    public static readonly DateTimeOffset Begin = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 600);

    private readonly NpgsqlDataSource _source;
    private readonly string _connectionString;
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-history-").FullName;

    private PlantedHistory(string connectionString)
    {
        _connectionString = connectionString;
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Options = "-c session_replication_role=replica" });
    }

    public Guid Completed { get; } = Guid.CreateVersion7();

    public Guid Recovered { get; } = Guid.CreateVersion7();

    public Guid Canceled { get; } = Guid.CreateVersion7();

    public List<AcceptedStart> Accepted { get; } = [];

    public List<Hit> Hits { get; } = [];

    /// <summary>A run of a real agent.</summary>
    public Guid Asked { get; } = Guid.CreateVersion7();

    public List<ModelCall> ModelCalls { get; } = [];

    public List<Repair> Repairs { get; } = [];

    public List<LiveRule> Rules { get; } = [];

    public bool IsHarmed { get; set; } = true;

    public string StateDirectory => Path.Combine(_directory, "n1");

    private string Journal => Path.Combine(_directory, "journal");

    public static async Task<PlantedHistory> CreateAsync()
    {
        var connectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("history");
        await using (await LedgerFactory.OpenAsync(new() { Provider = LedgerProviders.PostgreSql, ConnectionString = connectionString, Node = "n1" }, TimeProvider.System, NullLoggerFactory.Instance))
        {
        }

        var history = new PlantedHistory(connectionString);
        await history.PlantCleanAsync();
        return history;
    }

    public Task ExecuteAsync(FormattableString sql) => ExecuteAsync(sql.Format, sql.GetArguments());

    /// <summary>A run and what its caller was told.</summary>
    public async Task AddRunAsync(Guid run, string status, int turns, bool incomplete = false, long? output = null, decimal? cost = null, string agent = "scripted")
    {
        Accepted.Add(new($"key-{run}", run, Begin + TimeSpan.FromMinutes(2)));
        int? known = turns == 0 ? null : turns;
        await ExecuteAsync($"""
            insert into runs (id, version, append_id, writer, writer_seq, definition_hash, agent, queue, caller, correlation_id, spec, session_id, created_at,
              status, reason_code, epoch, turns, agent_turns, tool_calls, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_usd,
              usage_incomplete, permission_denials, queued_at, ended_at, continue_until, last_event_seq, result)
            values ({run}, 3, {Guid.NewGuid()}, 1, 1, 'h', {agent}, 'narrow', 'test', 'c', {"{}"}, {run}, {Begin},
              {status}, 'success', 1, {known}, {(turns == 0 ? null : (int?)2)}, {(turns == 0 ? null : (int?)0)}, {known * 100L}, {output}, {(turns == 0 ? null : (long?)0)}, {(turns == 0 ? null : (long?)0)}, {cost},
              {incomplete}, 0, {Begin}, {Begin + TimeSpan.FromMinutes(1)}, {Begin + TimeSpan.FromMinutes(1)}, 3, {ModelCall.LastText})
            """);
    }

    /// <summary>An attempt that says <paramref name="texts"/> numbered texts, and its result unless it was killed.</summary>
    public async Task AddAttemptAsync(Guid run, int number, int texts, bool killed = false, string node = "n1")
    {
        var lines = new StringBuilder();
        for (var i = 1; i <= texts; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $$$"""{"type":"assistant","message":{"id":"msg_{{{number}}}_{{{i}}}","content":[{"type":"text","text":"{{{i}}}/2 said"}],"usage":{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}},"uuid":"{{{Guid.NewGuid()}}}"}""").Append('\n');
        }

        if (!killed)
        {
            lines.Append(CultureInfo.InvariantCulture, $$$"""{"total_cost_usd":0.0016,"modelUsage":{"scripted-1":{"inputTokens":200,"outputTokens":40,"cacheReadInputTokens":0,"cacheCreationInputTokens":0,"costUSD":0.0016}},"num_turns":2,"type":"result","uuid":"{{{Guid.NewGuid()}}}"}""").Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(lines.ToString());
        await ExecuteAsync($"""
            insert into attempts (run_id, number, node, queue, claimed_at, started_at, ended_at, stdout_offset, stderr_offset, parser_snapshot,
              turns, agent_turns, tool_calls, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_usd, reason_code, leaked)
            values ({run}, {number}, {node}, 'narrow', {Begin}, {Begin}, {Begin + TimeSpan.FromMinutes(1)}, {bytes.LongLength}, 0, {Array.Empty<byte>()},
              {texts}, {(killed ? null : (int?)2)}, 0, {texts * 100L}, {(killed ? null : (long?)40)}, 0, 0, {(killed ? null : (decimal?)0.0016m)}, {(killed ? "supervisor_lost" : "success")}, false)
            """);
        await ExecuteAsync($"""
            insert into usage_events (run_id, attempt, message_id, at, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_usd)
            values ({run}, {number}, 'm', {Begin}, {texts * 100L}, {(killed ? null : (long?)40)}, 0, 0, {(killed ? null : (decimal?)0.0016m)})
            """);
        if (bytes.Length == 0)
        {
            return;
        }

        var half = bytes.Length / 2;
        await AddPartAsync(run, number, 0, bytes[..half]);
        await AddPartAsync(run, number, half, bytes[half..]);
    }

    public Task AddPartAsync(Guid run, int attempt, long offset, byte[] bytes) =>
        ExecuteAsync($"insert into transcripts (run_id, attempt, stream, byte_offset, byte_length, codec, bytes) values ({run}, {attempt}, 1, {offset}, {bytes.Length}, 0, {bytes})");

    /// <summary>An agent's own lines: one that was killed leaves no end.</summary>
    public void AddLife(Guid run, int attempt, int pid, double from, double to, bool killed = false)
    {
        string[] events = ["start", "beat", .. killed ? Array.Empty<string>() : ["end"]];
        File.AppendAllLines(Journal, events.Select((name, i) => string.Create(
            CultureInfo.InvariantCulture, $$"""{"event":"{{name}}","run":"{{run:N}}/{{attempt}}","pid":{{pid}},"unixMs":1,"bootMs":{{(i == 0 ? from : to):F3}},"code":null}""")));
    }

    /// <summary>Reads it all and judges it, as the harness does.</summary>
    public async Task<IReadOnlyList<Violation>> JudgeAsync()
    {
        var history = await LedgerReader.ReadAsync(
            new()
            {
                ReadAt = default,
                Accepted = Accepted,
                Hits = Hits,
                QueueLimits = new Dictionary<string, int> { ["narrow"] = 2 },
                LabelLimits = new Dictionary<string, int> { ["resource"] = 1 },
                NodeSlots = new Dictionary<string, int> { ["n1"] = 2, ["n2"] = 2 },
                Runs = [],
                Attempts = [],
                Transcript = [],
                Locks = [],
                Journal = JournalReader.Read(Journal),
                Processes = [],
                UsageRows = new Dictionary<Guid, Numbers>(),
                ModelCalls = ModelCalls,
                Repairs = Repairs,
                Rules = Rules,
                PriorityAging = TimeSpan.FromSeconds(10),
                IsHarmed = IsHarmed,
                Files = FileReader.Left([StateDirectory], TimeSpan.FromSeconds(10)),
            },
            _connectionString,
            TestContext.Current.CancellationToken);
        var runs = history.Runs.Select(run => run.Id).ToHashSet();
        return HistoryChecker.Check(history with { Processes = ProcessReader.Left(runs, [StateDirectory], new HashSet<int>()) });
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(_connectionString);
        Directory.Delete(_directory, recursive: true);
    }

    private async Task PlantCleanAsync()
    {
        Directory.CreateDirectory(Path.Combine(StateDirectory, "attempts"));
        await AddRunAsync(Completed, "Completed", turns: 2, output: 40, cost: 0.0016m);
        await AddAttemptAsync(Completed, 1, texts: 2);
        AddLife(Completed, 1, 101, 1_000, 2_000);

        await AddRunAsync(Recovered, "Completed", turns: 3, incomplete: true, output: 40, cost: 0.0016m);
        await AddAttemptAsync(Recovered, 1, texts: 1, killed: true);
        await AddAttemptAsync(Recovered, 2, texts: 2, node: "n2");
        AddLife(Recovered, 1, 102, 1_000, 1_500, killed: true);
        AddLife(Recovered, 2, 103, 1_600, 2_500);
        Hits.Add(new("supervisorKill", Recovered, null, Begin, Begin));

        await AddRunAsync(Asked, "Completed", turns: 2, output: 40, cost: 0.0016m, agent: "claude");
        await AddAttemptAsync(Asked, 1, texts: 2);
        AddLife(Asked, 1, 104, 3_000, 3_500);
        ModelCalls.AddRange(Enumerable.Range(1, 2).Select(text => new ModelCall(Asked, $"msg_1_{text}", new(null, null, null, 100, 20, 0, 0, null))));

        await AddRunAsync(Canceled, "Canceled", turns: 0);
    }

    private async Task ExecuteAsync(string format, object?[] arguments)
    {
        await using var command = _source.CreateCommand(string.Format(CultureInfo.InvariantCulture, format, [.. arguments.Select((_, i) => $"${i + 1}")]));
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new() { Value = argument is DateTimeOffset at ? at.ToUniversalTime() : argument ?? DBNull.Value });
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
