using System.IO.Compression;
using System.Text.Json;
using Npgsql;

namespace Orleans.Workflows.Chaos.Checking.Reading;

/// <summary>Reads the ledger's tables in one snapshot, with SQL and decoding of its own.</summary>
internal static class LedgerReader
{
    private const int Brotli = 1;
    private const string NumberColumns = "turns, agent_turns, tool_calls, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_usd";

    private const string UsageSql = """
        select run_id, sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cache_read_tokens)::bigint, sum(cache_creation_tokens)::bigint, sum(cost_usd)
        from usage_events group by run_id
        """;

    /// <summary>Fills in what the ledger tells.</summary>
    public static async Task<History> ReadAsync(History history, string connectionString, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return history with
        {
            ReadAt = (await ListAsync(connection, "select now()", row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0],
            Runs = await ListAsync(connection, $"select {NumberColumns}, id, status, reason_code, waits_for, next_deadline, ended_at, continue_until, open_attempt, usage_incomplete, agent, result, labels, demand, created_at from runs", Run, cancellationToken),
            Attempts = await ListAsync(connection, $"select {NumberColumns}, run_id, number, node, queue, claimed_at, started_at, ended_at, reason_code, leaked, stdout_offset, stderr_offset from attempts", Attempt, cancellationToken),
            UsageRows = (await ListAsync(connection, UsageSql, row => (Run: row.GetGuid(0), Numbers: UsageOf(row)), cancellationToken)).ToDictionary(usage => usage.Run, usage => usage.Numbers),
            Transcript = await ListAsync(connection, "select run_id, attempt, stream, byte_offset, byte_length, codec, bytes from transcripts", Part, cancellationToken),
            Locks = await ListAsync(connection, "select name, run_id, attempt from locks", row => new HeldLock(row.GetString(0), row.GetGuid(1), row.GetInt32(2)), cancellationToken),
        };
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(read(rows));
        }

        return list;
    }

    private static LedgerRun Run(NpgsqlDataReader row)
    {
        var demand = JsonElement.Parse(Text(row, 20) ?? "{}");
        return new()
        {
            Numbers = NumbersOf(row),
            Id = row.GetGuid(8),
            Status = row.GetString(9),
            Reason = Text(row, 10),
            WaitsFor = Text(row, 11),
            NextDeadline = Time(row, 12),
            EndedAt = Time(row, 13),
            ContinueUntil = Time(row, 14),
            OpenAttempt = Integer(row, 15),
            UsageIncomplete = row.GetBoolean(16),
            Agent = row.GetString(17),
            Result = Text(row, 18),
            Labels = Text(row, 19) is { } labels ? JsonSerializer.Deserialize<Dictionary<string, string>>(labels)! : [],
            CreatedAt = row.GetFieldValue<DateTimeOffset>(21),
            Tenant = demand.TryGetProperty("tenant", out var tenant) ? tenant.GetString() : null,
            Priority = demand.TryGetProperty("priority", out var priority) ? priority.GetInt32() : 3,
            Locks = demand.TryGetProperty("locks", out var locks)
                ? [.. locks.EnumerateArray().Select(item => new AskedLock(item.GetProperty("name").GetString()!, item.GetProperty("mode").GetString() == "Exclusive"))]
                : [],
        };
    }

    private static LedgerAttempt Attempt(NpgsqlDataReader row) => new()
    {
        Numbers = NumbersOf(row),
        Run = row.GetGuid(8),
        Number = row.GetInt32(9),
        Node = row.GetString(10),
        Queue = row.GetString(11),
        ClaimedAt = row.GetFieldValue<DateTimeOffset>(12),
        StartedAt = Time(row, 13),
        EndedAt = Time(row, 14),
        Reason = Text(row, 15),
        Leaked = row.GetBoolean(16),
        StdoutOffset = row.GetInt64(17),
        StderrOffset = row.GetInt64(18),
    };

    private static TranscriptPart Part(NpgsqlDataReader row)
    {
        var (length, stored) = (row.GetInt32(4), row.GetFieldValue<byte[]>(6));
        if (row.GetInt16(5) == Brotli)
        {
            var raw = new byte[length];
            stored = BrotliDecoder.TryDecompress(stored, raw, out var written) && written == length ? raw : [];
        }

        return new(row.GetGuid(0), row.GetInt32(1), row.GetInt16(2), row.GetInt64(3), stored);
    }

    private static Numbers UsageOf(NpgsqlDataReader row) =>
        new(null, null, null, Long(row, 1), Long(row, 2), Long(row, 3), Long(row, 4), row.IsDBNull(5) ? null : row.GetDecimal(5));

    private static Numbers NumbersOf(NpgsqlDataReader row) =>
        new(Integer(row, 0), Integer(row, 1), Integer(row, 2), Long(row, 3), Long(row, 4), Long(row, 5), Long(row, 6), row.IsDBNull(7) ? null : row.GetDecimal(7));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Integer(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static long? Long(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
