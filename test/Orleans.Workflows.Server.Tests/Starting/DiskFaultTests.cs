using Microsoft.Data.Sqlite;

namespace Orleans.Workflows.Server.Tests.Starting;

public sealed class DiskFaultTests
{
    private static readonly string Here = Path.GetTempPath();

    [Fact]
    public void A_full_database_names_the_fullest_of_its_disks_and_no_setting()
    {
        // /proc has no room at all.
        var said = DiskFault.Explain(new SqliteException("SQLite Error 13: 'database or disk is full'.", 13), Here, "/proc");
        Assert.Equal("The disk of /proc, which holds the database, is full: 0 bytes are free. Free space there and start again.", said);
        Assert.Contains("is full", DiskFault.Explain(new SqliteException("SQLite Error 10: 'disk I/O error'.", 10), Here, "/proc"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_io_error_with_room_left_is_the_disk_s_fault()
    {
        var said = DiskFault.Explain(new SqliteException("SQLite Error 10: 'disk I/O error'.", 10), Here);
        Assert.Contains($"The disk of {Here}, which holds the database, fails: SQLite Error 10", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_fault_of_the_disk_is_not_explained() => Assert.Null(DiskFault.Explain(new SqliteException("file is not a database", 26), Here));
}
