using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>Small whole files, read and written without a stream's start-up cost. Every descriptor is O_CLOEXEC.</summary>
internal static unsafe class PosixFile
{
    private const int OwnerReadWrite = 0x180;

    /// <summary>Opens a file. Returns the descriptor, or the negated errno.</summary>
    internal static int Open(string path, int flags)
    {
        int descriptor;
        do
        {
            descriptor = Libc.Open(path, flags | Flags.CloseOnExec, OwnerReadWrite);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        return descriptor < 0 ? -Marshal.GetLastPInvokeError() : descriptor;
    }

    /// <summary>Reads up to the buffer's length. Null when it can't be opened or read.</summary>
    internal static int? Read(string path, Span<byte> buffer)
    {
        var descriptor = Open(path, Flags.ReadOnly);
        if (descriptor < 0)
            return null;
        var total = 0;
        fixed (byte* start = buffer)
        {
            nint count;
            while (total < buffer.Length && (count = Libc.Read(descriptor, start + total, (nuint)(buffer.Length - total))) != 0)
            {
                if (count > 0)
                    total += (int)count;
                else if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                {
                    _ = Libc.Close(descriptor);
                    return null;
                }
            }
        }

        _ = Libc.Close(descriptor);
        return total;
    }

    /// <summary>
    /// Adds to a file, which it makes where there is none: everything or, where that fails, nothing. With <paramref name="sync"/>
    /// it outlives a power cut. Returns 0 or the errno.
    /// </summary>
    internal static int Append(string path, ReadOnlySpan<byte> content, bool sync = false)
    {
        var descriptor = Open(path, Flags.WriteOnly | Flags.Create | Flags.Append);
        if (descriptor < 0)
            return -descriptor;
        var length = Libc.Seek(descriptor, 0, Flags.SeekEnd);
        var errno = WriteAll(descriptor, content);
        if (errno == 0 && sync && Libc.Sync(descriptor) != 0)
            errno = Marshal.GetLastPInvokeError();
        if (errno != 0 && length >= 0)
            _ = Libc.Truncate(descriptor, length);
        if (Libc.Close(descriptor) != 0 && errno == 0)
            errno = Marshal.GetLastPInvokeError();
        return errno;
    }

    /// <summary>
    /// Replaces a file: a reader sees the old content, the new, or none. With <paramref name="sync"/> it outlives a power cut.
    /// Returns 0 or the errno.
    /// </summary>
    internal static int Replace(string path, ReadOnlySpan<byte> content, bool sync)
    {
        var draft = path + ".tmp";
        var descriptor = Open(draft, Flags.WriteOnly | Flags.Create | Flags.Truncate);
        if (descriptor < 0)
            return -descriptor;
        var errno = WriteAll(descriptor, content);
        if (errno == 0 && sync && Libc.Sync(descriptor) != 0)
            errno = Marshal.GetLastPInvokeError();
        if (Libc.Close(descriptor) != 0 && errno == 0)
            errno = Marshal.GetLastPInvokeError();
        if (errno == 0 && Libc.Rename(draft, path) != 0)
            errno = Marshal.GetLastPInvokeError();
        return errno;
    }

    /// <summary>Writes everything or returns the errno that stopped it.</summary>
    internal static int WriteAll(int descriptor, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            for (var offset = 0; offset < content.Length;)
            {
                var count = Libc.Write(descriptor, start + offset, (nuint)(content.Length - offset));
                if (count >= 0)
                    offset += (int)count;
                else if (Marshal.GetLastPInvokeError() is var errno and not Errno.Interrupted)
                    return errno;
            }
        }

        return 0;
    }
}
