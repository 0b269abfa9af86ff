using System.Runtime.InteropServices;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>Pipes and the like, all O_CLOEXEC.</summary>
internal static unsafe class Descriptors
{
    /// <summary>A pipe of which nothing is non-blocking yet.</summary>
    internal static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, Flags.CloseOnExec) != 0)
            throw PosixException.Last("pipe2");
        return (ends[0], ends[1]);
    }

    internal static void SetNonBlocking(int descriptor)
    {
        if (Libc.DescriptorControl(descriptor, Flags.SetStatusFlags, Flags.NonBlocking) != 0)
            throw PosixException.Last("fcntl");
    }

    internal static void Close(ref int descriptor)
    {
        if (descriptor < 0)
            return;
        _ = Libc.Close(descriptor);
        descriptor = -1;
    }

    /// <summary>Bytes read, 0 at the end, or the negated errno. Interrupted reads are repeated.</summary>
    internal static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = (int)Libc.Read(descriptor, start, (nuint)buffer.Length);
                if (count >= 0)
                    return count;
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.Interrupted)
                    return -errno;
            }
        }
    }

    /// <summary>Bytes written or the negated errno. Interrupted writes are repeated.</summary>
    internal static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var count = (int)Libc.Write(descriptor, start, (nuint)bytes.Length);
                if (count >= 0)
                    return count;
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.Interrupted)
                    return -errno;
            }
        }
    }
}
