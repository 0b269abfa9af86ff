using Npgsql;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Ledger.Sql;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>
/// One transaction in one round trip: the statements go out as one pipeline, which PostgreSQL runs as one implicit
/// transaction and commits at its end.
/// </summary>
internal sealed class PostgresBatch(IReadOnlyList<PendingAppend> items, int writer)
{
    private readonly List<PendingAppend> _accepted = [.. items.Where(item => item.Append.Run.Version == 1)];
    private readonly List<PendingAppend> _changed = [.. items.Where(item => item.Append.Run.Version > 1)];
    private readonly bool _claims = items.Any(item => item.Append.AdmissionEpoch is not null);

    /// <summary>What became of each append; what claimed a key or a slot and was not written is left to the caller as null.</summary>
    public async Task<AppendResult?[]> ExecuteAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        Fill(batch);
        var written = new HashSet<RunId>(items.Count);
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            if (_claims)
            {
                await reader.NextResultAsync();
            }

            do
            {
                while (await reader.ReadAsync())
                {
                    written.Add(new RunId(reader.GetGuid(0)));
                }
            }
            while (await reader.NextResultAsync());
        }

        return [.. items.Select(item => ResultOf(item.Append, written))];
    }

    private static AppendResult? ResultOf(LedgerAppend append, HashSet<RunId> written) => append switch
    {
        _ when written.Contains(append.Run.Id) => AppendResult.Committed,
        { Idempotency: null, AdmissionEpoch: null } => new AppendResult(AppendStatus.VersionConflict),
        _ => null,
    };

    private void Fill(NpgsqlBatch batch)
    {
        if (_claims)
        {
            // First of all: who waits for this lock must hold none that a claim in flight may want.
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.HoldEpoch));
        }

        PostgresStatements.ClaimKeys.AddTo(batch, Some(item => item.Append.Idempotency));
        PostgresStatements.InsertRuns.AddTo(batch, _accepted);
        PostgresStatements.InsertLabels.AddTo(batch, Many(_accepted, item =>
            item.Append.Run.Labels.Select(label => (item.Run, label.Key, label.Value))));

        var ends = TakeOrdinals();
        if (ends > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.TakeSequence)
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = ends }, new NpgsqlParameter<int> { TypedValue = writer } },
            });
        }

        PostgresStatements.UpdateRuns.AddTo(
            batch, _changed, new NpgsqlParameter<int> { TypedValue = writer }, new NpgsqlParameter<int> { TypedValue = ends });
        PostgresStatements.InsertAttempts.AddTo(batch, Some(item => item.Append.NewAttempt ? item.Append.Attempt : null));

        PostgresStatements.FreeLocks.AddTo(batch, [.. _changed.Where(item => item.Append.ReleasesLocks)]);
        PostgresStatements.TakeLocks.AddTo(batch, Many(_changed, item => item.Append.Locks));

        // Before the attempts' new state: usage of an attempt that ends with this append is still replaceable.
        PostgresStatements.UpsertUsage.AddTo(batch, Many(items, item => item.Append.Usage));
        PostgresStatements.UpsertAttempts.AddTo(batch, Some(item => item.Append.NewAttempt ? null : item.Append.Attempt));
        PostgresStatements.InsertEvents.AddTo(batch, Some(item => item.Append.Events));
        PostgresStatements.InsertTranscripts.AddTo(batch, Many(items, item => item.Append.Transcript.Select(StoredChunk.Of)));
        PostgresStatements.UpsertCommands.AddTo(batch, Many(items, item => item.Append.Commands));
        PostgresStatements.InsertAudit.AddTo(batch, Many(items, item => item.Append.Audit));
    }

    private int TakeOrdinals()
    {
        var ends = 0;
        foreach (var item in _changed)
        {
            item.EndOrdinal = item.Append.Run.Status.IsTerminal() ? ++ends : null;
        }

        return ends;
    }

    private List<TRow> Some<TRow>(Func<PendingAppend, TRow?> row)
        where TRow : class
    {
        var rows = new List<TRow>();
        foreach (var item in items)
        {
            if (row(item) is { } value)
            {
                rows.Add(value);
            }
        }

        return rows;
    }

    private static List<TRow> Many<TRow>(IEnumerable<PendingAppend> from, Func<PendingAppend, IEnumerable<TRow>> rows) => [.. from.SelectMany(rows)];
}
