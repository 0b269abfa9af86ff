using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>
/// On the shared runtime <see cref="ExecStub"/> costs a second runtime start, some 50 ms. util-linux' <c>setpriv</c> does the
/// one thing that matters in under 2 ms. It can't tell an errno and hands scripts without <c>#!</c> to a shell, so it is only
/// used where executing is sure to work, and the stub has the last word where it didn't.
/// </summary>
internal static class DeathSignalProgram
{
    private const string Name = "setpriv";
    private const int Executable = 1;
    private static readonly string[] Places = ["/usr/bin/setpriv", "/bin/setpriv"];

    internal static bool Is(string[] command) => command[0].EndsWith("/" + Name, StringComparison.Ordinal);

    internal static string[]? TryBuild(LaunchSpec spec)
    {
        if (spec.CoreLimitBytes is not null || spec.OpenFilesLimit is not null)
            return null;
        if (!spec.Program.StartsWith('/') || spec.Program.EndsWith("/" + Name, StringComparison.Ordinal) || !LooksExecutable(spec.Program))
            return null;
        return Array.Find(Places, File.Exists) is { } program
            ? [program, "--pdeathsig", "KILL", "--", spec.Program, .. spec.Arguments]
            : null;
    }

    /// <summary>False when the process ended without having become anything else.</summary>
    internal static bool WaitUntilExecuted(int pid)
    {
        Span<byte> stat = stackalloc byte[1024];
        while (PosixFile.Read($"/proc/{pid}/stat", stat) is { } length)
        {
            // "6294 (setpriv) S 1 …"; a zombie keeps its name.
            var line = stat[..length];
            var name = line[(line.IndexOf((byte)'(') + 1)..line.LastIndexOf((byte)')')];
            if (!name.SequenceEqual("setpriv"u8))
                return true;
            if (ProcessIdentity.Field(line, 3).SequenceEqual("Z"u8))
                return false;
            unsafe
            {
                _ = Libc.Poll(null, 0, 1);
            }
        }

        return true;
    }

    private static bool LooksExecutable(string path)
    {
        Span<byte> start = stackalloc byte[4];
        return Libc.Access(path, Executable) == 0
            && PosixFile.Read(path, start) is >= 2
            && (start[..2].SequenceEqual("#!"u8) || start.SequenceEqual("\u007fELF"u8));
    }
}
