using System.Globalization;
using System.Text;

namespace Orleans.Workflows.Chaos.Checking.Reading;

/// <summary>Finds processes in <c>/proc</c>.</summary>
internal static class ProcessReader
{
    /// <summary>Processes with the marker of one of these runs, and any process that holds a file of an attempt below these directories.</summary>
    /// <param name="runs">The runs of this history; other tests of this machine have their own.</param>
    /// <param name="stateDirectories">Of the nodes.</param>
    /// <param name="own">The servers, which may hold anything.</param>
    public static IReadOnlyList<LeftProcess> Left(IReadOnlySet<Guid> runs, IReadOnlyList<string> stateDirectories, IReadOnlySet<int> own)
    {
        var left = new List<LeftProcess>();
        foreach (var pid in Pids().Where(pid => !own.Contains(pid)))
        {
            if (MarkerOf(pid) is { } marker && RunMarker.TryParse(marker, out var run, out _) && runs.Contains(run))
            {
                left.Add(new(pid, NameOf(pid), run, $"its environment names {marker}"));
            }
            else if (OpenFileBelow(pid, stateDirectories) is { } file)
            {
                left.Add(new(pid, NameOf(pid), null, $"it holds {file}"));
            }
        }

        return left;
    }

    public static IEnumerable<int> Pids() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && pid != Environment.ProcessId);

    /// <summary>A variable of the environment that a process was executed with; null when it has none, is gone, or is another user's.</summary>
    public static string? VariableOf(int pid, string name)
    {
        try
        {
            var prefix = name + "=";
            var entry = Array.Find(Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0'), entry => entry.StartsWith(prefix, StringComparison.Ordinal));
            return entry?[prefix.Length..];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string? MarkerOf(int pid) => VariableOf(pid, RunMarker.Variable);

    /// <summary>The process's name, 15 characters at most; empty when it is gone.</summary>
    public static string NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The parent's pid, or 0.</summary>
    public static int ParentOf(int pid)
    {
        try
        {
            // 42 (a name) S 1 …: the name may hold anything, so count from its end.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static string? OpenFileBelow(int pid, IReadOnlyList<string> directories)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
                .Select(link => new FileInfo(link).LinkTarget)
                .FirstOrDefault(target => target is not null && directories.Any(directory => target.StartsWith(directory + "/attempts/", StringComparison.Ordinal)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
