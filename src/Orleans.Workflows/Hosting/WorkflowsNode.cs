using Orleans.Workflows.Execution.Supervision;

namespace Orleans.Workflows.Hosting;

/// <summary>This node's own directory, held by this process alone, and its id, which outlives the process.</summary>
public sealed class WorkflowsNode : IDisposable
{
    // Unix socket paths end at 107 bytes; attempts/<32 hex>-<number>/s needs 50 of them. Longer ones work, but slower.
    private const int PathLimit = 4_000;

    private readonly NodeLock _lock;

    private WorkflowsNode(string id, string directory, NodeLock held) => (Id, StateDirectory, _lock) = (id, directory, held);

    public string Id { get; }

    public string StateDirectory { get; }

    /// <summary>Takes the directory for this process and reads the id kept in it, or makes one.</summary>
    /// <param name="directory">Absolute, or relative to the current directory; created with mode 0700.</param>
    /// <param name="id">An id from settings, or empty.</param>
    /// <exception cref="InvalidOperationException">Another process holds the directory, or this is no Linux; the message says the remedy.</exception>
    public static WorkflowsNode Take(string directory, string id)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("Orleans.Workflows supervises processes by Linux means. Run it on Linux, or in WSL on Windows.");
        }

        directory = Path.GetFullPath(directory);
        if (directory.Length > PathLimit)
        {
            throw new InvalidOperationException($"The state directory's path has {directory.Length} characters. Choose one of at most {PathLimit}.");
        }

        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var held = NodeLock.Take(directory);
        var file = Path.Combine(directory, "node-id");
        if (id.Length == 0)
        {
            id = File.Exists(file) ? File.ReadAllText(file).Trim() : $"{Environment.MachineName.ToLowerInvariant()}-{Guid.NewGuid():N}"[..Math.Min(Environment.MachineName.Length + 9, 60)];
        }

        File.WriteAllText(file, id + "\n");
        return new(id, directory, held);
    }

    public void Dispose() => _lock.Dispose();
}
