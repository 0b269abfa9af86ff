using System.Buffers.Text;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>What <c>/proc</c> says of one process's memory, in bytes; null where it can't be read.</summary>
internal static class ProcessMemory
{
    private const int ResidentPagesField = 24;
    private static readonly long PageBytes = Environment.SystemPageSize;

    /// <summary>Resident pages (RSS), each shared one counted whole. Some microseconds.</summary>
    internal static long? Resident(int pid)
    {
        Span<byte> stat = stackalloc byte[1024];
        return PosixFile.Read($"/proc/{pid}/stat", stat) is { } length
            && Utf8Parser.TryParse(ProcessIdentity.Field(stat[..length], ResidentPagesField), out long pages, out _)
            ? pages * PageBytes
            : null;
    }

    /// <summary>
    /// Its proportional share (PSS): a page that n processes map counts a nth part. The kernel walks all its pages: some
    /// milliseconds for each 100 MB.
    /// </summary>
    internal static long? Proportional(int pid)
    {
        Span<byte> text = stackalloc byte[2048];
        if (PosixFile.Read($"/proc/{pid}/smaps_rollup", text) is not { } length)
            return null;

        // Pss:              104581 kB
        var at = text[..length].IndexOf("\nPss:"u8);
        return at >= 0 && Utf8Parser.TryParse(text[(at + "\nPss:"u8.Length)..length].TrimStart((byte)' '), out long kilobytes, out _)
            ? kilobytes * 1024
            : null;
    }
}
