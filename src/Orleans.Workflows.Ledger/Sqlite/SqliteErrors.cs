using Microsoft.Data.Sqlite;
using Orleans.Workflows.Ledger.Appending;
using SQLitePCL;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>What an error means for the appends that met it.</summary>
internal static class SqliteErrors
{
    /// <summary>The file, not the append, is at fault: busy, full, unreadable.</summary>
    public static bool IsUnavailable(Exception error) => error is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN
            or raw.SQLITE_READONLY or raw.SQLITE_NOMEM or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_PERM,
    };

    /// <summary>The result of an append that met the error alone; triggers and checks say their rule's name.</summary>
    public static AppendResult ToResult(Exception error) => error.Message switch
    {
        var text when text.Contains("runs_session", StringComparison.Ordinal) || text.Contains("runs.session_id", StringComparison.Ordinal) =>
            new AppendResult(AppendStatus.SessionBusy),
        var text => new AppendResult(AppendStatus.Rejected, Error: text),
    };
}
