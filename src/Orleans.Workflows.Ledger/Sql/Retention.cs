using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The one path that deletes. Both databases refuse every other.</summary>
internal static class Retention
{
    private static readonly string[] Tables =
        ["run_labels", "run_events", "usage_events", "transcripts", "commands", "audit_log", "attempts"];

    public static async Task<int> DeleteAsync(SqlSession session, SqlDialect dialect, DateTimeOffset endedBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        // An attempt that never ended is a slot that may still be occupied: its run stays.
        var runs = await session.QueryAsync(
            $"""
            select id from runs where ended_at < @before and (continue_until is null or continue_until <= @now)
              and not exists (select 1 from attempts a where a.run_id = runs.id and a.ended_at is null)
            order by id limit {limit}
            """,
            row => row.Run(), cancellationToken, ("@before", endedBefore), ("@now", now));

        await session.ExecuteAsync(dialect.BeginRetention, cancellationToken);
        foreach (var chunk in runs.Chunk(500))
        {
            await DeleteRunsAsync(session, chunk, cancellationToken);
        }

        await session.ExecuteAsync(
            $"""
            delete from idempotency_keys where (caller, key) in (
              select caller, key from idempotency_keys where keep_until <= @now limit {limit})
            """, cancellationToken, ("@now", now));
        await session.ExecuteAsync(dialect.EndRetention, cancellationToken);
        return runs.Count;
    }

    private static async Task DeleteRunsAsync(SqlSession session, RunId[] runs, CancellationToken cancellationToken)
    {
        var parameters = runs.Select((run, i) => ($"@r{i}", (object?)run.Value)).ToArray();
        var list = string.Join(", ", parameters.Select(parameter => parameter.Item1));
        foreach (var table in Tables)
        {
            await session.ExecuteAsync($"delete from {table} where run_id in ({list})", cancellationToken, parameters);
        }

        await session.ExecuteAsync($"delete from runs where id in ({list})", cancellationToken, parameters);
    }
}
