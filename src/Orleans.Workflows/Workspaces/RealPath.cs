using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Workflows.Workspaces;

/// <summary>Paths with every link resolved by the kernel, so that no link or <c>..</c> leads out of a root.</summary>
internal static partial class RealPath
{
    private const int LongestPath = 4096;

    /// <summary>The true absolute path of something that exists, or null.</summary>
    public static string? Resolve(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        var buffer = new byte[LongestPath + 1];
        return Resolve(path, ref buffer[0]) == 0 ? null : Encoding.UTF8.GetString(buffer.AsSpan(0, buffer.AsSpan().IndexOf((byte)0)));
    }

    /// <summary>The true path of what a handle is open on, whatever happened to the path it was opened by.</summary>
    public static string OfHandle(SafeFileHandle handle) =>
        new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget ?? "";

    /// <summary>Both must be true paths.</summary>
    public static bool IsInside(string path, string root) =>
        root == "/" || path == root || path.StartsWith(root.EndsWith('/') ? root : root + "/", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Resolve(string path, ref byte resolved);
}
