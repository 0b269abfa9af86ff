using System.Buffers.Text;
using System.Text;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>Reads who a process is from <c>/proc</c>, and decides whether a recorded one still lives.</summary>
internal static class ProcessIdentity
{
    private const int StartTimeField = 22;

    /// <summary>The kernel's id of this boot.</summary>
    internal static string BootId { get; } = ReadBootId();

    /// <summary>Null when no such process exists.</summary>
    internal static ProcessRecord? Of(int pid) =>
        StartTime(pid) is { } startTime ? new ProcessRecord { Pid = pid, StartTime = startTime, BootId = BootId } : null;

    /// <summary>True only if pid, start time and boot all match. A zombie still counts: it isn't reaped yet.</summary>
    internal static bool IsAlive(ProcessRecord process) =>
        process.BootId == BootId && StartTime(process.Pid) == process.StartTime;

    internal static long? StartTime(int pid)
    {
        Span<byte> stat = stackalloc byte[1024];
        if (PosixFile.Read(string.Concat("/proc/", pid.ToString((IFormatProvider?)null), "/stat"), stat) is not { } length)
            return null;
        return Utf8Parser.TryParse(Field(stat[..length], StartTimeField), out long ticks, out _) ? ticks : null;
    }

    /// <summary>
    /// A field of <c>stat</c>, from 3 on. The name (field 2) may hold blanks and brackets, so it is counted from the last
    /// bracket: <c>6294 (my (odd) name) S 1 6294 6294 …</c>
    /// </summary>
    internal static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> stat, int number)
    {
        var rest = stat[(stat.LastIndexOf((byte)')') + 2)..];
        for (var field = 3; field < number; field++)
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        var end = rest.IndexOfAny((byte)' ', (byte)'\n');
        return end < 0 ? rest : rest[..end];
    }

    private static string ReadBootId()
    {
        Span<byte> text = stackalloc byte[64];
        var length = PosixFile.Read("/proc/sys/kernel/random/boot_id", text) ?? 0;
        return Encoding.ASCII.GetString(text[..length].Trim((byte)'\n'));
    }
}
