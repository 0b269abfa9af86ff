using System.Runtime.InteropServices;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>The command line that starts a supervisor on this machine.</summary>
internal sealed record SupervisorProgram
{
    private const string Name = "orleans-workflows-supervisor";

    /// <summary>The program and the arguments before any of ours.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The whole environment of a supervisor: nothing of the silo's reaches it, for no secret has a business there.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <exception cref="FileNotFoundException">No supervisor is installed; the message names the remedy.</exception>
    internal static SupervisorProgram Find(SupervisorOptions options)
    {
        if (options.ProgramPath is { } path)
            return File.Exists(path) ? For(path) : throw Missing(path);
        var native = Path.Combine(AppContext.BaseDirectory, "programs", Name);
        var shared = native + ".dll";
        return File.Exists(native) ? For(native) : File.Exists(shared) ? For(shared) : throw Missing(native);
    }

    private static SupervisorProgram For(string path)
    {
        path = Path.GetFullPath(path);
        var root = DotnetRoot();
        return new SupervisorProgram
        {
            Command = path.EndsWith(".dll", StringComparison.Ordinal) ? [Path.Combine(root, "dotnet"), path] : [path],
            Environment =
            [
                $"DOTNET_ROOT={root}",
                "PATH=/usr/local/bin:/usr/bin:/bin",
                "DOTNET_gcConcurrent=0",
                "DOTNET_TieredPGO=0",
                "DOTNET_EnableDiagnostics=0",

                // 4 MB (hexadecimal): else a start reads the sizes of all the processor's caches, 43 system calls, to choose it.
                "DOTNET_GCgen0size=400000",
            ],
        };
    }

    // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/ → …/dotnet
    private static string DotnetRoot() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static FileNotFoundException Missing(string path) => new(
        $"No supervisor at {path}. Build the host (its build stages programs/{Name} beside it), or set the supervisor's program path.", path);
}
