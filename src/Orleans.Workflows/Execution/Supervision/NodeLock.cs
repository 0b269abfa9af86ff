using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>One silo per node directory: two would end each other's agents. Free as soon as the process is gone.</summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileLock _lock;

    private NodeLock(FileLock held) => _lock = held;

    /// <exception cref="InvalidOperationException">Another silo uses the directory; the message names the remedy.</exception>
    internal static NodeLock Take(string nodeDirectory)
    {
        Directory.CreateDirectory(nodeDirectory);
        return FileLock.TryTake(Path.Combine(nodeDirectory, "lock")) is { } held
            ? new NodeLock(held)
            : throw new InvalidOperationException(
                $"Another silo uses the node directory {Path.GetFullPath(nodeDirectory)}. Stop it, or give this silo a node directory of its own.");
    }

    public void Dispose() => _lock.Dispose();
}
