using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Workflows.Workspaces;

/// <summary>
/// Reads small files that others may have planted: opened without waiting (a FIFO would hang), judged by the open handle
/// (a path may be swapped between a check and its use), bounded in size.
/// </summary>
internal static partial class RegularFile
{
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int EmptyPath = 0x1000;
    private const uint TypeModeAndSize = 0x1 | 0x2 | 0x200;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int OthersMayRead = 4;

    /// <param name="root">When set, the file's true path must be inside this true path.</param>
    public static Content Read(string path, int limit, string? root = null)
    {
        using var handle = new SafeFileHandle(Open(path, ReadOnlyNonBlockingCloseOnExec), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return Content.Bad(Marshal.GetLastPInvokeError() is 2 or 20 ? "does not exist" : $"can't be read ({Marshal.GetLastPInvokeErrorMessage()})") with { Missing = Marshal.GetLastPInvokeError() == 2 };
        }
        Span<byte> status = stackalloc byte[256];
        if (StatX((int)handle.DangerousGetHandle(), "", EmptyPath, TypeModeAndSize, ref MemoryMarshal.GetReference(status)) != 0)
        {
            return Content.Bad("can't be examined");
        }
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(status[28..]);
        if ((mode & TypeMask) != Regular)
        {
            return Content.Bad("is not a regular file");
        }
        if (root is not null && !RealPath.IsInside(RealPath.OfHandle(handle), root))
        {
            return Content.Bad("is a link to a place outside its folder");
        }
        // One byte over the limit tells a file that grew since its size was read.
        var buffer = new byte[(int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(status[40..]), (ulong)limit) + 1];
        var read = 0;
        while (read < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(read), read) is > 0 and var count)
        {
            read += count;
        }
        return read > limit
            ? Content.Bad($"is larger than {limit / 1024} KB")
            : new Content { Bytes = buffer[..read], ReadableByOthers = (mode & OthersMayRead) != 0 };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    // The one stat call whose structure is the same on every architecture: mode at 28, size at 40.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte buffer);

    internal sealed record Content
    {
        public byte[] Bytes { get; init; } = [];

        public bool ReadableByOthers { get; init; }

        public bool Missing { get; init; }

        /// <summary>Completes the sentence "the file …", or null when it was read.</summary>
        public string? Problem { get; init; }

        public static Content Bad(string problem) => new() { Problem = problem };
    }
}
