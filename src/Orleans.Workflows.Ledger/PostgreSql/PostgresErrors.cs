using System.Net.Sockets;
using Npgsql;
using Orleans.Workflows.Ledger.Appending;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>What an error means for the appends that met it.</summary>
internal static class PostgresErrors
{
    /// <summary>The database, not the append, is at fault: connection, resources, shutdown, a standby that refuses writes, a time-out of the session.</summary>
    public static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => state[..2] is "08" or "53" or "57" or "58" or "XX" || state is "25006" or "25P03" or "25P04" or "55P03" or "3D000" or "28P01",
        NpgsqlException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Of those, what a single append or the size of its batch may have brought about: a time-out, an internal error of the server.</summary>
    public static bool MayBeOfOne(Exception error) => error is TimeoutException
        or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or ['X', 'X', ..] }
        or NpgsqlException { InnerException: TimeoutException };

    /// <summary>Deadlock or serialization: the transaction is undone and may be tried again as it is.</summary>
    public static bool IsConflict(Exception error) => error is PostgresException { SqlState: "40P01" or "40001" };

    /// <summary>The result of an append that met the error alone.</summary>
    public static AppendResult ToResult(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "runs_session" } => new AppendResult(AppendStatus.SessionBusy),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "runs_pkey" } => new AppendResult(AppendStatus.VersionConflict),
        PostgresException postgres => new AppendResult(AppendStatus.Rejected, Error: $"{postgres.SqlState}: {postgres.MessageText}"),
        _ => new AppendResult(AppendStatus.Rejected, Error: error.Message),
    };
}
