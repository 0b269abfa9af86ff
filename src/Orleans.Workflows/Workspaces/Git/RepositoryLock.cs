using System.Collections.Concurrent;

namespace Orleans.Workflows.Workspaces.Git;

/// <summary>
/// One change of a repository's branches and worktrees at a time: in this process by a semaphore, among processes by a
/// locked file in the repository's own directory. Only the short parts are held; the checkout of files is not.
/// </summary>
internal sealed class RepositoryLock(TimeProvider time)
{
    private const string FileName = "orleans-workflows.lock";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);

    /// <exception cref="TimeoutException">Others held it for the whole time.</exception>
    public async Task<IDisposable> AcquireAsync(string repository, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var semaphore = _locks.GetOrAdd(repository, _ => new SemaphoreSlim(1, 1));
        try
        {
            await semaphore.WaitAsync(stop.Token);
            try
            {
                return new Holder(semaphore, await OpenAsync(Path.Combine(repository, FileName), stop.Token));
            }
            catch
            {
                semaphore.Release();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The repository {repository} was being changed by others for {patience}.");
        }
    }

    private async Task<FileStream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // FileShare.None is an flock on Linux: the kernel drops it with the process.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private sealed class Holder(SemaphoreSlim semaphore, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            semaphore.Release();
        }
    }
}
