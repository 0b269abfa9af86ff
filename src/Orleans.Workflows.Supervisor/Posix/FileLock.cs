using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>
/// An exclusive <c>flock</c>, held until disposed or until the process is gone, however it went. Local file systems only;
/// over NFS it is as good as the server.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private int _descriptor;

    private FileLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Takes the lock of a file (made if need be) or of a directory now or returns null because somebody holds it.</summary>
    /// <exception cref="PosixException">The file can't be opened.</exception>
    internal static FileLock? TryTake(string path)
    {
        var descriptor = PosixFile.Open(path, Flags.ReadWrite | Flags.Create);
        if (descriptor == -Errno.IsDirectory)
            descriptor = PosixFile.Open(path, Flags.ReadOnly);
        if (descriptor < 0)
            throw new PosixException($"open {path}", -descriptor);
        if (Libc.Lock(descriptor, Flags.LockExclusive | Flags.LockNonBlocking) == 0)
            return new FileLock(descriptor);

        var errno = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        return errno == Errno.Again ? null : throw new PosixException($"flock {path}", errno);
    }

    public void Dispose()
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
            _ = Libc.Close(descriptor);
    }
}
