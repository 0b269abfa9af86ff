using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Ledger.Sql;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>
/// The writer's own thread. A batch goes through without savepoints; only when an append of it is refused is the batch
/// undone and run again with one each, so that the refused one fails alone.
/// </summary>
internal sealed partial class SqliteLane : IAppendLane
{
    private readonly SqliteConnections _connections;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;
    private readonly Lock _writing;
    private readonly AppendQueue _queue;
    private readonly Outage _outage;
    private readonly ILogger _logger;
    private readonly int _writer;
    private readonly Thread _thread;
    private long _sequence;

    public SqliteLane(SqliteConnections connections, SqliteConnection connection, Lock writing, string name, AppendQueue queue, Outage outage, ILogger logger)
    {
        _connections = connections;
        _connection = connection;
        _statements = new SqliteStatements(connection.Handle!);
        _writing = writing;
        _queue = queue;
        _outage = outage;
        _logger = logger;
        (_writer, _sequence) = Register(connection, name);
        _thread = new Thread(Run) { IsBackground = true, Name = "ledger-writer" };
        _thread.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(_thread.Join);
        _statements.Dispose();
        await _connection.DisposeAsync();
        _connections.Clear();
    }

    private static (int Writer, long Sequence) Register(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            insert into writers (name) select @name where not exists (select 1 from writers where name = @name);
            select id, last_seq from writers where name = @name
            """;
        command.Parameters.AddWithValue("@name", name);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt32(0), reader.GetInt64(1));
    }

    private void Run()
    {
        var batch = new List<PendingAppend>();
        while (_queue.TakeAsync(batch).AsTask().GetAwaiter().GetResult())
        {
            try
            {
                Commit(batch);
            }
            catch (Exception error)
            {
                LogLaneFault(error);
                batch.ForEach(item => item.Fail(new LedgerUnavailableException("The writer met an unexpected fault.", error)));
            }

            _queue.Done(batch);
            batch.Clear();
        }
    }

    private void Commit(List<PendingAppend> items)
    {
        var careful = false;
        while (items.Count > 0)
        {
            var begun = _outage.Now;
            var results = new AppendResult[items.Count];
            try
            {
                lock (_writing)
                {
                    Transact(items, results, careful);
                }

                for (var i = 0; i < results.Length; i++)
                {
                    items[i].Complete(results[i]);
                }

                _outage.End();
                return;
            }
            catch (Exception error) when (SqliteErrors.IsUnavailable(error))
            {
                // A COMMIT that failed may have reached the disk.
                items.ForEach(item => item.InDoubt = true);
                LogUnavailable(error.Message, items.Count);
                items = _outage.WaitAsync(items, _queue, begun, error).AsTask().GetAwaiter().GetResult();
            }
            catch (Exception error) when (!careful)
            {
                LogRepeated(items.Count, error.Message);
                careful = true;
            }
        }
    }

    private void Transact(List<PendingAppend> items, AppendResult[] results, bool careful)
    {
        var sequence = _sequence;
        _statements.Begin.Run();
        try
        {
            var epoch = items.Exists(item => item.Append.AdmissionEpoch is not null) ? _statements.Epoch() : 0;
            for (var i = 0; i < items.Count; i++)
            {
                results[i] = careful ? WriteAlone(items[i], epoch, ref sequence) : Write(items[i], epoch, ref sequence);
            }

            if (sequence != _sequence)
            {
                _statements.PutSequence(_writer, sequence);
            }

            _statements.Commit.Run();
            _sequence = sequence;
        }
        catch
        {
            TryRollback();
            throw;
        }
    }

    private void TryRollback()
    {
        try
        {
            _statements.Rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has already undone the transaction, as it does after some errors.
        }
    }

    private AppendResult WriteAlone(PendingAppend item, long epoch, ref long sequence)
    {
        var before = sequence;
        _statements.Savepoint.Run();
        try
        {
            var result = Write(item, epoch, ref sequence);
            _statements.Release.Run();
            return result;
        }
        catch (Exception error) when (!SqliteErrors.IsUnavailable(error))
        {
            sequence = before;
            _statements.BackToSavepoint.Run();
            _statements.Release.Run();
            return SqliteErrors.ToResult(error);
        }
    }

    private AppendResult Write(PendingAppend item, long epoch, ref long sequence)
    {
        var append = item.Append;
        if (item.InDoubt && _statements.IsLastAppend(item.Run, append.AppendId))
        {
            return AppendResult.Committed;
        }

        if (append.AdmissionEpoch is { } claimed && claimed != epoch)
        {
            return new AppendResult(AppendStatus.StaleEpoch);
        }

        var refusal = append.Run.Version == 1 ? Accept(item) : Change(item, ref sequence);
        if (refusal is not null)
        {
            return refusal;
        }

        // Before the attempt's new state: usage of an attempt that ends with this append is still replaceable.
        foreach (var usage in append.Usage)
        {
            _statements.UpsertUsage(usage);
        }

        if (append is { Attempt: { } attempt, NewAttempt: false })
        {
            _statements.UpsertAttempt(attempt);
        }

        if (append.Events is { } events)
        {
            _statements.InsertEvents(events);
        }

        foreach (var chunk in append.Transcript)
        {
            _statements.InsertTranscript(StoredChunk.Of(chunk));
        }

        foreach (var command in append.Commands)
        {
            _statements.UpsertCommand(command);
        }

        foreach (var audit in append.Audit)
        {
            _statements.InsertAudit(audit);
        }

        return AppendResult.Committed;
    }

    private AppendResult? Accept(PendingAppend item)
    {
        if (item.Append.Idempotency is { } key && _statements.IsClaimed(key) && StandingClaim(key) is { } standing && standing.Run != item.Run)
        {
            return new AppendResult(AppendStatus.KeyClaimed, standing);
        }

        if (_statements.Version(item.Run) is not null)
        {
            return new AppendResult(AppendStatus.VersionConflict);
        }

        if (item.Append.Idempotency is { } claim)
        {
            _statements.Claim(claim);
        }

        _statements.InsertRun(item);
        foreach (var (name, value) in item.Append.Run.Labels)
        {
            _statements.InsertLabel(item.Run, name, value);
        }

        if (item.Append is { NewAttempt: true, Attempt: { } attempt })
        {
            _statements.InsertAttempt(attempt);
        }

        return null;
    }

    private AppendResult? Change(PendingAppend item, ref long sequence)
    {
        if (item.Append is { NewAttempt: true, Attempt: { } attempt })
        {
            if (_statements.Version(item.Run) != item.Append.Run.Version - 1)
            {
                return new AppendResult(AppendStatus.VersionConflict);
            }

            _statements.InsertAttempt(attempt);
        }

        var ends = item.Append.Run.Status.IsTerminal();
        if (!_statements.UpdateRun(item, ends ? _writer : null, ends ? sequence + 1 : null))
        {
            return new AppendResult(AppendStatus.VersionConflict);
        }

        sequence += ends ? 1 : 0;
        if (item.Append.ReleasesLocks)
        {
            _statements.FreeLocks(item.Run);
        }

        foreach (var held in item.Append.Locks)
        {
            _statements.TakeLock(held);
        }

        return null;
    }

    private IdempotencyRow? StandingClaim(IdempotencyRow key)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"select {RowReaders.IdempotencyColumns} from idempotency_keys where caller = @caller and key = @key";
        command.Parameters.AddWithValue("@caller", StoredText.Of(key.Caller));
        command.Parameters.AddWithValue("@key", StoredText.Of(key.Key));
        using var reader = command.ExecuteReader();
        return reader.Read() ? RowReaders.Idempotency(new SqliteRowReader(reader)) : null;
    }

    [LoggerMessage(LogLevel.Warning, "The database file did not take a batch of {Count}: {Error}; trying again.")]
    private partial void LogUnavailable(string error, int count);

    [LoggerMessage(LogLevel.Information, "A batch of {Count} was refused and is run again append by append: {Error}")]
    private partial void LogRepeated(int count, string error);

    [LoggerMessage(LogLevel.Error, "A writer's batch failed.")]
    private partial void LogLaneFault(Exception error);
}
