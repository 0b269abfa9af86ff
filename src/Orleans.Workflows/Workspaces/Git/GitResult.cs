namespace Orleans.Workflows.Workspaces.Git;

/// <summary>What one git command answered.</summary>
internal sealed record GitResult(int ExitCode, string Output, string Error, bool TimedOut, bool Truncated)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut && !Truncated;

    /// <summary>Another git holds a lock; the same command succeeds later.</summary>
    public bool IsLocked => ExitCode != 0 && (
        Error.Contains(".lock': File exists", StringComparison.Ordinal)
        || Error.Contains("could not lock config file", StringComparison.Ordinal)
        || Error.Contains("Unable to create", StringComparison.Ordinal) && Error.Contains("lock", StringComparison.Ordinal));

    /// <summary>For people: the last lines that git wrote.</summary>
    public string Explanation =>
        TimedOut ? "git took too long and was ended" :
        Truncated ? "git wrote more than is read" :
        string.Join(" ", Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3)) is { Length: > 0 } text ? text : $"git ended with {ExitCode}";
}
