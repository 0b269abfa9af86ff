using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Sql;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>
/// One connection that commits batch after batch under a writer id of its own. An error that is an append's fault halves
/// the batch until the append stands alone, and so does, the second time, one that may be; a lost connection makes every append of the batch doubtful, and each is
/// looked up by its append id before it is tried again.
/// </summary>
internal sealed partial class PostgresLane : IAppendLane
{
    private readonly PostgresWriterConnection _connection;
    private readonly AppendQueue _queue;
    private readonly Outage _outage;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public PostgresLane(PostgresWriterConnection connection, AppendQueue queue, Outage outage, ILogger logger)
    {
        _connection = connection;
        _queue = queue;
        _outage = outage;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop;
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingAppend>();
        while (await _queue.TakeAsync(batch))
        {
            try
            {
                await CommitAsync(batch);
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

    private async Task CommitAsync(List<PendingAppend> items, bool mayBeOfOne = false)
    {
        while (items.Count > 0)
        {
            var begun = _outage.Now;
            var isOpen = false;
            try
            {
                var connection = await _connection.OpenAsync();
                isOpen = true;
                items = await SettleAsync(connection, items);
                await ExecuteAsync(connection, items);
                _outage.End();
                return;
            }
            catch (Exception error) when (PostgresErrors.IsUnavailable(error) || (PostgresErrors.IsConflict(error) && items.Count == 1))
            {
                LogUnavailable(error.Message, items.Count);
                if (error is not PostgresException { SqlState: "40P01" or "40001" })
                {
                    Doubt(items);
                    await _connection.CloseAsync();
                }

                items = await _outage.WaitAsync([.. items.Where(item => !item.Result.IsCompleted)], _queue, begun, error);
                if (!isOpen || !PostgresErrors.MayBeOfOne(error))
                {
                    continue;
                }

                if (mayBeOfOne && items.Count > 1)
                {
                    LogSplit(items.Count, error.Message);
                    await CommitHalvesAsync(items, mayBeOfOne);
                    return;
                }

                mayBeOfOne = true;
            }
            catch (Exception error) when (items.Count > 1)
            {
                await CloseUnlessClean(error);
                _outage.End();
                LogSplit(items.Count, error.Message);
                await CommitHalvesAsync(items, mayBeOfOne);
                return;
            }
            catch (Exception error)
            {
                await CloseUnlessClean(error);
                _outage.End();
                items[0].Complete(PostgresErrors.ToResult(error));
                return;
            }
        }
    }

    private async Task CommitHalvesAsync(List<PendingAppend> items, bool mayBeOfOne)
    {
        var half = items.Count / 2;
        await CommitAsync([.. items.Take(half)], mayBeOfOne);
        await CommitAsync([.. items.Skip(half)], mayBeOfOne);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, List<PendingAppend> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var results = await new PostgresBatch(items, _connection.Writer).ExecuteAsync(connection);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is { IsCommitted: true } || (results[i] is not null && !items[i].InDoubt))
            {
                items[i].Complete(results[i]!);
            }
        }

        // A conflict may be our own earlier try, whose answer was lost; what a claim met is read once the loser is known.
        await SettleAsync(connection, [.. items.Where(item => item.InDoubt && !item.Result.IsCompleted)]);
        foreach (var item in items.Where(item => !item.Result.IsCompleted))
        {
            item.Complete(await ExplainAsync(connection, item.Append));
        }
    }

    /// <summary>Completes what an earlier try committed after all, and returns the rest.</summary>
    private static async Task<List<PendingAppend>> SettleAsync(NpgsqlConnection connection, List<PendingAppend> items)
    {
        if (!items.Any(item => item.InDoubt))
        {
            return items;
        }

        await using var command = new NpgsqlCommand("select id, append_id from runs where id = any($1)", connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. items.Select(item => item.Run.Value)] } },
        };
        var last = new Dictionary<RunId, Guid>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                last[new RunId(reader.GetGuid(0))] = reader.GetGuid(1);
            }
        }

        foreach (var item in items.Where(item => item.InDoubt && last.GetValueOrDefault(item.Run) == item.Append.AppendId))
        {
            item.Complete(AppendResult.Committed);
        }

        return [.. items.Where(item => !item.Result.IsCompleted)];
    }

    private static async Task<AppendResult> ExplainAsync(NpgsqlConnection connection, LedgerAppend append)
    {
        if (append.Idempotency is { } claim)
        {
            var session = new SqlSession(connection, PostgresDialect.Stored);
            var standing = await session.FirstAsync(
                $"select {RowReaders.IdempotencyColumns} from idempotency_keys where caller = @caller and key = @key",
                RowReaders.Idempotency, CancellationToken.None, ("@caller", claim.Caller), ("@key", claim.Key));
            if (standing is not null && standing.Run != claim.Run)
            {
                return new AppendResult(AppendStatus.KeyClaimed, standing);
            }
        }

        if (append.AdmissionEpoch is { } granted)
        {
            await using var command = new NpgsqlCommand("select epoch from admission where id = 1", connection);
            if ((long)(await command.ExecuteScalarAsync())! != granted)
            {
                return new AppendResult(AppendStatus.StaleEpoch);
            }
        }

        return new AppendResult(AppendStatus.VersionConflict);
    }

    private static void Doubt(List<PendingAppend> items)
    {
        foreach (var item in items)
        {
            item.InDoubt = true;
        }
    }

    // After an answer from the server the connection is clean; a fault on our side may have left it halfway through a message.
    private async Task CloseUnlessClean(Exception error)
    {
        if (error is not PostgresException)
        {
            await _connection.CloseAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database did not take a batch of {Count}: {Error}; trying again.")]
    private partial void LogUnavailable(string error, int count);

    [LoggerMessage(LogLevel.Information, "A batch of {Count} was refused and is halved: {Error}")]
    private partial void LogSplit(int count, string error);

    [LoggerMessage(LogLevel.Error, "A writer's batch failed.")]
    private partial void LogLaneFault(Exception error);
}
