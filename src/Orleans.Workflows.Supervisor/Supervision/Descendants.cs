using System.Buffers.Text;
using System.Globalization;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>The processes below another one, as <c>/proc</c> tells. Below a child subreaper these are all that descend from it.</summary>
internal static class Descendants
{
    private const int UsualBytes = 1024;

    internal static List<int> Of(int root)
    {
        var found = new List<int>();
        if (AddChildren(root, found))
        {
            for (var next = 0; next < found.Count; next++)
                AddChildren(found[next], found);
            return found;
        }

        try
        {
            return ByParent(root);
        }
        catch (IOException)
        {
            // As below.
            return found;
        }
    }

    // False where the kernel has no such file (CONFIG_PROC_CHILDREN).
    private static bool AddChildren(int pid, List<int> found)
    {
        var known = false;
        var buffer = (stackalloc byte[UsualBytes]);
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                var children = $"{thread}/children";
                var length = PosixFile.Read(children, buffer);
                while (length == buffer.Length)
                {
                    buffer = new byte[buffer.Length * 4];
                    length = PosixFile.Read(children, buffer);
                }

                known |= length is not null || Libc.Access(children, 0) == 0;
                AddAll(buffer[..(length ?? 0)], found);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or it is another user's on a machine that hides those (hidepid). Its children are ours once it
            // is gone: a later round sees them. Or no descriptor is left to look with.
            known = true;
        }

        return known;
    }

    // 6294 6301 6377
    private static void AddAll(ReadOnlySpan<byte> pids, List<int> found)
    {
        while (Utf8Parser.TryParse(pids, out int pid, out var length))
        {
            found.Add(pid);
            pids = pids[length..].TrimStart((byte)' ');
        }
    }

    private static List<int> ByParent(int root)
    {
        var parents = new List<(int Pid, int Parent)>();
        Span<byte> stat = stackalloc byte[1024];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && PosixFile.Read($"{directory}/stat", stat) is { } length)
            {
                parents.Add((pid, int.Parse(ProcessIdentity.Field(stat[..length], 4), CultureInfo.InvariantCulture)));
            }
        }

        var found = new List<int>();
        var generation = new HashSet<int> { root };
        while (generation.Count > 0)
        {
            generation = [.. parents.Where(entry => generation.Contains(entry.Parent)).Select(entry => entry.Pid)];
            found.AddRange(generation);
        }

        return found;
    }
}
