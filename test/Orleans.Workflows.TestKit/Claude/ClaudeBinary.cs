using Orleans.Workflows.TestKit.Prerequisites;

namespace Orleans.Workflows.TestKit.Claude;

/// <summary>
/// The real <c>claude</c> program that tests run, pinned to <see cref="Version"/> and installed outside the tree by
/// <c>infra/test.sh</c> (by itself: <c>infra/install-claude.sh</c>). Tests talk to the scripted model server only.
/// </summary>
public static class ClaudeBinary
{
    /// <summary>The pinned version, the same as in <c>infra/install-claude.sh</c>.</summary>
    public const string Version = "2.1.330";

    /// <summary>Names the binary's path; <c>infra/test.sh</c> sets it. Without it the cache is looked into.</summary>
    public const string Variable = "ORLEANS_WORKFLOWS_CLAUDE";

    /// <summary>The binary's path. Without one the calling test is skipped, or fails where <c>CI=true</c>.</summary>
    public static string Path
    {
        get
        {
            if (Find() is { } path)
            {
                return path;
            }

            MissingPrerequisite.Report(
                $"claude {Version} is neither at ${Variable} nor at {CachePath()}. infra/install-claude.sh installs it.");
            return "";
        }
    }

    /// <summary>The binary's path, or null without one. A variable that names no file hides the cache: it is a mistake.</summary>
    public static string? Find()
    {
        var path = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : CachePath();
        return File.Exists(path) ? path : null;
    }

    private static string CachePath()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return System.IO.Path.Combine(cache, "orleans-workflows", "claude", Version, "claude");
    }
}
