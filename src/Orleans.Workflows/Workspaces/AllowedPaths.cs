using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workspaces;

/// <summary>Judges directories that callers name.</summary>
internal static class AllowedPaths
{
    /// <summary>The true path of an existing directory that may be used, or why it may not.</summary>
    public static (string? Path, Failure? Failure) Check(string path, string field, WorkspacesOptions options)
    {
        if (path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path) || path.Split('/').Contains(".."))
        {
            return Refuse(field, "must be an absolute path without '..' and zero characters", "Give the whole path of a directory on the server.");
        }
        if (RealPath.Resolve(path) is not { } real || !Directory.Exists(real))
        {
            return Refuse(field, $"'{path}' is not an existing directory on this server", "Create it, or correct the path.");
        }
        if (RealPath.Resolve(options.Directory) is { } own && RealPath.IsInside(real, own))
        {
            return Refuse(field, $"'{path}' belongs to the server itself", "Name another directory; to go on in a run's workspace, continue the run.");
        }
        var roots = options.AllowedRoots.Select(root => RealPath.Resolve(root)).OfType<string>().ToList();
        return options.AllowedRoots.Count == 0 || roots.Exists(root => RealPath.IsInside(real, root))
            ? (real, null)
            : Refuse(field, $"'{path}' is outside the directories that this server allows", $"Use one inside {string.Join(", ", options.AllowedRoots)}, or extend Workflows:Workspaces:AllowedRoots.");
    }

    private static (string?, Failure?) Refuse(string field, string message, string remedy) => (null, Failure.Invalid(field, $"The {field} {message}.", remedy));
}
