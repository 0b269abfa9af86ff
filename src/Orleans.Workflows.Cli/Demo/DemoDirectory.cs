namespace Orleans.Workflows.Cli.Demo;

/// <summary>Where a demo's server keeps its data. A fresh directory goes with it, unless it is to be kept.</summary>
internal sealed class DemoDirectory : IDisposable
{
    private readonly bool _remove;

    public DemoDirectory(DemoOptions options)
    {
        // Kept short: the supervisors' sockets lie below it, and their paths are bounded.
        Path = options.Data is { } data ? System.IO.Path.GetFullPath(data) : Directory.CreateTempSubdirectory("workflows-").FullName;
        _remove = options is { Data: null, Keep: false };
    }

    public string Path { get; }

    public void Dispose()
    {
        if (!_remove)
        {
            return;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the system's own cleaning of temporary files; the demo's outcome does not hang on it.
        }
    }
}
