using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Rules that a test adds to the ledger's database, which refuse marked rows for good.</summary>
internal static class Poison
{
    public const string InEvents = "poison-event";
    public const string InResult = "poison-result";
    public const int InInputTokens = 4711;

    /// <summary>Refuses events and results with the marked words, usage with the marked number, and all of stderr.</summary>
    public static async Task AddAsync(WorkflowsServer server, string? postgres)
    {
        await using DbConnection connection = postgres is null
            ? new SqliteConnection($"Data Source={Path.Combine(server.StateDirectory, "ledger.db")}")
            : new NpgsqlConnection(postgres);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        (string Name, string Rule)[] rules =
        [
            ("poison_events", $"before insert on run_events {When(postgres, Holds(postgres, "new.events", InEvents))}"),
            ("poison_usage", $"before insert on usage_events {When(postgres, $"new.input_tokens = {InInputTokens}")}"),
            ("poison_stderr", $"before insert on transcripts {When(postgres, "new.stream = 2")}"),
            ("poison_result", $"before update on runs {When(postgres, Holds(postgres, "coalesce(new.result, '')", InResult))}"),
        ];
        var drops = rules.Select(rule => postgres is null ? $"drop trigger if exists {rule.Name}" : $"drop trigger if exists {rule.Name} on {rule.Rule.Split(' ')[3]}");
        var function = postgres is null
            ? ""
            : "create or replace function poisoned() returns trigger language plpgsql as $$ begin raise exception 'poisoned row' using errcode = '23L99'; end $$;";
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = $"{string.Join(';', drops)}; {function} {string.Join(' ', rules.Select(rule => $"create trigger {rule.Name} {rule.Rule};"))}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static string Holds(string? postgres, string column, string text) => postgres is null
        ? $"instr(cast({column} as text), '{text}') > 0"
        : $"strpos({column}::text, '{text}') > 0";

    private static string When(string? postgres, string condition) => postgres is null
        ? $"for each row when {condition} begin select raise(abort, 'poisoned row'); end"
        : $"for each row when ({condition}) execute function poisoned()";
}
