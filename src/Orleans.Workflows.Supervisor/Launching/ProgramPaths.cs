using System.Diagnostics.CodeAnalysis;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>Where a program may be, as <c>execvp</c> looks for it, but never handing what isn't executable to a shell.</summary>
[ExcludeFromCodeCoverage(Justification = "As DirectSpawn and ExecStub, which alone use it.")]
internal static class ProgramPaths
{
    private const string Default = "/usr/local/bin:/usr/bin:/bin";

    internal static string[] Of(string program, string? path) => program.Contains('/')
        ? [program]
        : [.. (path ?? Default).Split(':').Select(directory => $"{(directory.Length == 0 ? "." : directory)}/{program}")];

    /// <summary>True if the search ends with this errno of one place. EACCES is told only if no other place does better.</summary>
    internal static bool IsFinal(int errno, ref int told)
    {
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            return false;
        told = errno;
        return errno != Errno.AccessDenied;
    }
}
