using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Server;

/// <summary>Opens (and migrates) the databases. One that is away is waited for: it may start with the server, or after it.</summary>
internal sealed partial class DatabaseOpening(LedgerOptions database, string stateDirectory, ServerOptions options, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly ILogger _logger = loggers.CreateLogger<DatabaseOpening>();

    /// <exception cref="InvalidOperationException">It stayed away for <see cref="ServerOptions.DatabaseWait"/>, refused, or is newer than this program.</exception>
    /// <exception cref="ArgumentException">A setting is wrong; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The process was told to end meanwhile.</exception>
    public async Task<ILedger> OpenAsync(CancellationToken cancellationToken)
    {
        StartupAnswers? answers = null;
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var begun = time.GetTimestamp();
            for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    return await TryOpenAsync(ending.Token);
                }
                catch (Exception exception) when (IsAway(exception))
                {
                    var left = options.DatabaseWait - time.GetElapsedTime(begun);
                    if (left <= TimeSpan.Zero)
                    {
                        throw new InvalidOperationException(
                            $"The database could not be reached within {options.DatabaseWait}: {exception.Message} Start it, correct Workflows:Database:ConnectionString, or wait longer by Workflows:DatabaseWait.", exception);
                    }

                    LogAway(left, exception.Message);
                    if (answers is null)
                    {
                        answers = await StartupAnswers.StartAsync(options, "its database", ending.Token);
                        ending.Dispose();
                        ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, answers.Stopping);
                    }

                    await Task.Delay(pause < left ? pause : left, time, ending.Token);
                }
                catch (Exception exception) when (DiskFault.Explain(exception, Folders()) is not null)
                {
                    throw new InvalidOperationException(DiskFault.Explain(exception, Folders()), exception);
                }
                catch (DbException exception)
                {
                    throw new InvalidOperationException($"The database can't be used: {exception.Message} Correct Workflows:Database:ConnectionString, or the database.", exception);
                }
            }
        }
        finally
        {
            ending.Dispose();
            if (answers is not null)
            {
                await answers.DisposeAsync();
            }
        }
    }

    private string[] Folders() => database.Provider == LedgerProviders.Sqlite
        ? [Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource))!, stateDirectory]
        : [stateDirectory];

    private async Task<ILedger> TryOpenAsync(CancellationToken cancellationToken)
    {
        var ledger = await LedgerFactory.OpenAsync(database, time, loggers, cancellationToken);
        try
        {
            await OrleansTables.ApplyAsync(database, stateDirectory, cancellationToken);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether something failed because the database went away, and not, say, because a port is taken.</summary>
    public static bool IsOfDatabase(Exception? exception) => exception switch
    {
        null => false,
        AggregateException all => all.InnerExceptions.Any(IsOfDatabase),
        DbException { IsTransient: true } or LedgerUnavailableException => true,
        _ => IsOfDatabase(exception.InnerException),
    };

    private static bool IsAway(Exception? exception) =>
        exception is not null && (exception is DbException { IsTransient: true } or SocketException or TimeoutException || IsAway(exception.InnerException));

    [LoggerMessage(LogLevel.Warning, "The database can't be reached and is tried again for {Left}: {Reason}")]
    private partial void LogAway(TimeSpan left, string reason);
}
