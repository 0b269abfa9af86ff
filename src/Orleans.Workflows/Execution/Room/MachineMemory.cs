using System.Globalization;

namespace Orleans.Workflows.Execution.Room;

/// <summary>Memory that new processes of this node may still take: what the machine has available, or less where a control group above this process bounds it.</summary>
internal static class MachineMemory
{
    private const string Machine = "/proc/meminfo", Group = "/proc/self/cgroup", Groups = "/sys/fs/cgroup";

    /// <returns>Bytes; null: this system does not tell.</returns>
    public static long? Available() => Available(Machine, Group, Groups);

    public static long? Available(string machine, string group, string groups)
    {
        var available = Text(machine) is { } text && Field(text, "MemAvailable:") is { } kilobytes ? kilobytes * 1_024 : (long?)null;
        var path = Text(group)?.Split('\n').FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[4..].Trim();
        for (var rest = path; available is not null && rest is not null; rest = rest.Length == 0 ? null : rest.Contains('/') ? rest[..rest.LastIndexOf('/')] : "")
        {
            // Pages of files are given back when memory is short, as MemAvailable counts them too.
            var directory = Path.Combine(groups, rest);
            if (Number(Path.Combine(directory, "memory.max")) is { } most && Number(Path.Combine(directory, "memory.current")) is { } used)
            {
                var cached = Text(Path.Combine(directory, "memory.stat")) is { } stat ? Field(stat, "inactive_file ") ?? 0 : 0;
                available = Math.Min(available.Value, Math.Max(0, most - used + cached));
            }
        }

        return available;
    }

    private static long? Field(string text, string name)
    {
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    // "max" is no number: no bound.
    private static long? Number(string path) => Text(path) is { } text && long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
