using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>
/// One <c>posix_spawn</c>: the child gets its own session, default handlers for every signal and exactly the mask,
/// descriptors, arguments and environment named here. The file actions run in the order they were added.
/// </summary>
internal sealed unsafe class PosixSpawn : IDisposable
{
    // glibc: 336 and 80 bytes on both architectures.
    private const int OpaqueBytes = 512;
    private const short SetSignalMask = 0x08;
    private const short SetDefaultSignals = 0x04;
    private const short SetSession = 0x80;

    private byte* _opaque;

    internal PosixSpawn(ulong blockedSignals = Signals.None)
    {
        _opaque = (byte*)NativeMemory.AllocZeroed(2 * OpaqueBytes);
        Check(Libc.InitializeAttributes(Attributes));
        Check(Libc.InitializeActions(Actions));
        Check(Libc.SetAttributeFlags(Attributes, SetSignalMask | SetDefaultSignals | SetSession));

        // sigset_t is 128 bytes of which Linux uses eight; 32 and 33 belong to glibc.
        var mask = stackalloc ulong[16];
        mask[0] = ulong.MaxValue & ~(3UL << 31);
        Check(Libc.SetAttributeDefaultSignals(Attributes, mask));
        mask[0] = blockedSignals;
        Check(Libc.SetAttributeSignalMask(Attributes, mask));
    }

    private void* Attributes => _opaque;

    private void* Actions => _opaque + OpaqueBytes;

    internal PosixSpawn Duplicate(int from, int to)
    {
        Check(Libc.AddDuplicate(Actions, from, to));
        return this;
    }

    internal PosixSpawn Open(int descriptor, string path, int flags)
    {
        Check(Libc.AddOpen(Actions, descriptor, path, flags, 0x180 /* 0600 */));
        return this;
    }

    internal PosixSpawn ChangeDirectory(string path)
    {
        Check(Libc.AddChangeDirectory(Actions, path));
        return this;
    }

    /// <summary>Closes every descriptor from <paramref name="lowest"/> up, whoever forgot O_CLOEXEC on it.</summary>
    internal PosixSpawn CloseFrom(int lowest)
    {
        try
        {
            Check(Libc.AddCloseFrom(Actions, lowest));
        }
        catch (EntryPointNotFoundException)
        {
            // Before glibc 2.34. Everything that .NET and we open is O_CLOEXEC; this was the second net.
        }

        return this;
    }

    /// <summary>Starts it. Returns 0 or the errno; the child has executed when this returns 0.</summary>
    internal int Start(string program, IReadOnlyCollection<string> arguments, IReadOnlyCollection<string> environment, out int process)
    {
        using var path = new NativeStrings([program]);
        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings(environment);
        int started;
        var errno = Libc.Spawn(&started, path.Pointer[0], Actions, Attributes, argv.Pointer, envp.Pointer);
        process = errno == 0 ? started : 0;
        return errno;
    }

    public void Dispose()
    {
        if (_opaque == null)
            return;
        _ = Libc.DestroyActions(Actions);
        _ = Libc.DestroyAttributes(Attributes);
        NativeMemory.Free(_opaque);
        _opaque = null;
    }

    private static void Check(int errno)
    {
        if (errno != 0)
            throw new PosixException("posix_spawn set-up", errno);
    }
}
