using System.Collections;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>A node directory of its own with real supervisors in it; whatever a test leaves running is ended with it.</summary>
internal sealed class NodeFixture : IAsyncDisposable
{
    internal const string Marker = EnvironmentSweep.Marker;

    /// <summary>A command for a mount namespace of its own. The group is one that nobody is in, for its members see all.</summary>
    internal const string HideOthers = "mount -t proc -o hidepid=1,gid=4242 proc /proc";

    // As one of an ordinary user, which can't end the processes of another.
    private const string WithoutKill = "setpriv --inh-caps=-kill --bounding-set=-kill ";

    // As one of an ordinary user on a hardened machine, which can't look into the processes of another.
    private const string WithoutSight = $"unshare --mount sh -c '{HideOthers} && exec setpriv --inh-caps=-sys_ptrace --bounding-set=-sys_ptrace \"$@\"' - ";

    private static readonly string[] CoveragePrefixes = ["CORECLR_", "CODE_COVERAGE_", "MicrosoftInstrumentationEngine_"];
    private readonly List<AttemptProbe> _probes = [];
    private readonly SupervisorPool _pool;
    private readonly SupervisorLauncher _launcher;

    internal NodeFixture(SupervisorRuntime runtime, string? directory = null, int spares = 0, bool mayKill = true, bool seesOthers = true)
    {
        Path = directory ?? Directory.CreateTempSubdirectory("node-").FullName;
        var isShared = runtime == SupervisorRuntime.Shared;
        ProgramPath = System.IO.Path.Combine(AppContext.BaseDirectory, isShared
            ? "shared-runtime/orleans-workflows-supervisor.dll"
            : "programs/orleans-workflows-supervisor");
        var isCounted = isShared && Environment.GetEnvironmentVariable("CORECLR_ENABLE_PROFILING") == "1";
        var within = mayKill ? "" : WithoutKill;
        within += seesOthers ? "" : WithoutSight;
        if (isCounted || within.Length > 0)
            ProgramPath = Script($"{(isCounted ? Counting() : "")}exec {within}{(isShared ? "\"$DOTNET_ROOT/dotnet\" " : "")}{ProgramPath} \"$@\"");
        _pool = new SupervisorPool(Options.Create(new SupervisorOptions { ProgramPath = ProgramPath, Spares = spares }), TimeProvider.System);
        _launcher = new SupervisorLauncher(_pool, TimeProvider.System);
    }

    internal string Path { get; }

    internal string ProgramPath { get; }

    /// <summary>A supervisor that is started ahead of need.</summary>
    internal WaitingSupervisor? Spare => _pool.Spares.FirstOrDefault();

    internal AttemptDirectory NewAttempt() => AttemptDirectory.Of(Path, Guid.CreateVersion7(), 1);

    internal LaunchSpec Shell(string script) => new()
    {
        Program = "/bin/sh",
        Arguments = ["-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" },
        WorkingDirectory = Path,
    };

    internal Task<AttemptProbe> StartShellAsync(string script) => StartAsync(Shell(script));

    internal async Task<AttemptProbe> StartAsync(LaunchSpec spec) => Track(await ConnectAsync(spec));

    internal Task<SupervisorConnection> ConnectAsync(LaunchSpec spec) =>
        _launcher.StartAsync(new SupervisorLaunch { Directory = NewAttempt(), Agent = spec }, TestContext.Current.CancellationToken);

    internal async Task<AttemptProbe> ExecuteAsync(AttemptDirectory directory, LaunchSpec spec) =>
        Track(await _launcher.ExecuteAsync(new SupervisorLaunch { Directory = directory, Agent = spec }));

    internal AttemptProbe Track(SupervisorConnection connection)
    {
        var probe = new AttemptProbe(connection);
        _probes.Add(probe);
        return probe;
    }

    /// <summary>Has a supervisor's lines counted with this process's own, though nothing of its environment reaches one.</summary>
    private static string Counting() => string.Concat(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => CoveragePrefixes.Any(((string)variable.Key).StartsWith))
        .Append(new("DOTNET_EnableDiagnostics", "1"))
        .Select(variable => $"export {variable.Key}='{variable.Value}'\n"));

    private string Script(string text)
    {
        var path = System.IO.Path.Combine(Path, "supervisor");
        File.WriteAllText(path, $"#!/bin/sh\n{text}");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var probe in _probes)
            await probe.DisposeAsync();
        _pool.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
