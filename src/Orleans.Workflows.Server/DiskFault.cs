using Microsoft.Data.Sqlite;

namespace Orleans.Workflows.Server;

/// <summary>What SQLite calls a full database or an I/O error is the disk's, and no setting's: says which disk, and how full it is.</summary>
internal static class DiskFault
{
    private const int IoError = 10;
    private const int Full = 13;
    private const long Little = 8 * 1024 * 1024;

    /// <summary>A sentence with the remedy; null where the disk is not at fault.</summary>
    /// <param name="exception">What the database said, or what was made of that.</param>
    /// <param name="folders">Where its files are.</param>
    public static string? Explain(Exception exception, params string[] folders)
    {
        if (exception is not SqliteException { SqliteErrorCode: IoError or Full } fault)
        {
            return exception.InnerException is { } inner ? Explain(inner, folders) : null;
        }

        var (folder, free) = folders.Select(folder => (folder, Free: new DriveInfo(folder).AvailableFreeSpace)).MinBy(place => place.Free);
        return fault.SqliteErrorCode == Full || free < Little
            ? $"The disk of {folder}, which holds the database, is full: {free:N0} bytes are free. Free space there and start again."
            : $"The disk of {folder}, which holds the database, fails: {exception.Message} ({free:N0} bytes are free.) See what the machine says of it (dmesg) and whether a quota or limit stands in the way.";
    }
}
