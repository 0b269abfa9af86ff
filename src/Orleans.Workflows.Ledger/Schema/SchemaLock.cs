namespace Orleans.Workflows.Ledger.Schema;

/// <summary>A file that one process at a time holds open, for databases without locks that outlive a transaction.</summary>
internal sealed class SchemaLock : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private SchemaLock(FileStream file) => _file = file;

    public static async Task<SchemaLock> TakeAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new SchemaLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    // The file stays: deleting it would let two processes hold two files of one name.
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
