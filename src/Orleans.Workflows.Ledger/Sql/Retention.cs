using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The one path that deletes. Both databases refuse every other.</summary>
internal static class Retention
{
    private const int Chunk = 500;

    // An attempt that never ended is a slot that may still be occupied: its run stays. So does a run that another continues:
    // the agent's home has its name, and who cleans up asks for it.
    private const string IsOver =
        """
        ended_at < @before and (continue_until is null or continue_until <= @now)
          and not exists (select 1 from attempts a where a.run_id = runs.id and a.ended_at is null)
          and not exists (select 1 from runs c where c.continued_from = runs.id)
        """;

    private static readonly string[] Tables =
        ["run_labels", "run_events", "usage_events", "transcripts", "commands", "audit_log", "attempts"];

    /// <summary>What could go, oldest first. Before the write, which others wait for.</summary>
    public static Task<List<RunId>> FindAsync(SqlSession session, DateTimeOffset endedBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken) => session.QueryAsync(
        $"select id from runs where {IsOver} order by ended_at, id limit {limit}", row => row.Run(), cancellationToken, ("@before", endedBefore), ("@now", now));

    public static Task<bool> HasExpiredKeysAsync(SqlSession session, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.FirstAsync("select 1 from idempotency_keys where keep_until <= @now limit 1", _ => true, cancellationToken, ("@now", now));

    public static async Task<int> DeleteRunsAsync(SqlSession session, SqlDialect dialect, IReadOnlyCollection<RunId> found, DateTimeOffset endedBefore, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var deleted = 0;
        await session.ExecuteAsync(dialect.BeginRetention, cancellationToken);
        foreach (var chunk in found.Chunk(Chunk))
        {
            // Asked again: one may have been continued since.
            var (list, parameters) = List(chunk);
            var runs = await session.QueryAsync($"select id from runs where id in ({list}) and {IsOver}", row => row.Run(), cancellationToken, [.. parameters, ("@before", endedBefore), ("@now", now)]);
            if (runs.Count > 0)
            {
                await DeleteAsync(session, [.. runs], cancellationToken);
                deleted += runs.Count;
            }
        }

        await session.ExecuteAsync(dialect.EndRetention, cancellationToken);
        return deleted;
    }

    public static async Task<int> DeleteKeysAsync(SqlSession session, SqlDialect dialect, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(dialect.BeginRetention, cancellationToken);
        var deleted = await session.ExecuteAsync(
            $"""
            delete from idempotency_keys where (caller, key) in (
              select caller, key from idempotency_keys where keep_until <= @now limit {limit})
            """, cancellationToken, ("@now", now));
        await session.ExecuteAsync(dialect.EndRetention, cancellationToken);
        return deleted;
    }

    public static Task<bool> HasEndedBatchesAsync(SqlSession session, DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        session.FirstAsync("select 1 from batches where ended_at < @before limit 1", _ => true, cancellationToken, ("@before", endedBefore));

    public static async Task<int> DeleteBatchesAsync(SqlSession session, SqlDialect dialect, DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(dialect.BeginRetention, cancellationToken);
        var deleted = await session.ExecuteAsync("delete from batches where ended_at < @before", cancellationToken, ("@before", endedBefore));
        await session.ExecuteAsync(dialect.EndRetention, cancellationToken);
        return deleted;
    }

    private static async Task DeleteAsync(SqlSession session, RunId[] runs, CancellationToken cancellationToken)
    {
        var (list, parameters) = List(runs);
        foreach (var table in Tables)
        {
            await session.ExecuteAsync($"delete from {table} where run_id in ({list})", cancellationToken, parameters);
        }

        await session.ExecuteAsync($"delete from runs where id in ({list})", cancellationToken, parameters);
    }

    private static (string List, (string, object?)[] Parameters) List(RunId[] runs)
    {
        var parameters = runs.Select((run, i) => ($"@r{i}", (object?)run.Value)).ToArray();
        return (string.Join(", ", parameters.Select(parameter => parameter.Item1)), parameters);
    }
}
