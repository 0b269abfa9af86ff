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

    private static readonly string[] CoveragePrefixes = ["CORECLR_", "CODE_COVERAGE_", "MicrosoftInstrumentationEngine_"];
    private readonly List<AttemptProbe> _probes = [];
    private readonly SupervisorPool _pool;
    private readonly SupervisorLauncher _launcher;

    internal NodeFixture(SupervisorRuntime runtime, string? directory = null, int spares = 0, bool mayKill = true, bool seesOthers = true)
    {
        Path = directory ?? Directory.CreateTempSubdirectory("node-").FullName;
        ProgramPath = System.IO.Path.Combine(AppContext.BaseDirectory, runtime == SupervisorRuntime.Native
            ? "programs/orleans-workflows-supervisor"
            : "shared-runtime/orleans-workflows-supervisor.dll");
        ProgramPath = mayKill ? ProgramPath : WithoutKill();
        ProgramPath = seesOthers ? ProgramPath : WithoutSight();
        if (runtime == SupervisorRuntime.Shared && Environment.GetEnvironmentVariable("CORECLR_ENABLE_PROFILING") == "1")
            ProgramPath = Measured();
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

    /// <summary>A supervisor that, as one of an ordinary user, can't end the processes of another.</summary>
    private string WithoutKill() => Script("supervisor", $"""exec setpriv --inh-caps=-kill --bounding-set=-kill {ProgramPath} "$@" """);

    /// <summary>A supervisor that, as one of an ordinary user on a hardened machine, can't look into the processes of another.</summary>
    private string WithoutSight() => Script("supervisor", $"""exec unshare --mount sh -c '{HideOthers} && exec setpriv --inh-caps=-sys_ptrace --bounding-set=-sys_ptrace "$@"' - {ProgramPath} "$@" """);

    /// <summary>A supervisor whose lines are counted with this process's own, though nothing of its environment reaches one.</summary>
    private string Measured()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => CoveragePrefixes.Any(((string)variable.Key).StartsWith))
            .Select(variable => $"export {variable.Key}='{variable.Value}'");
        return Script("measured", $"""
            export DOTNET_EnableDiagnostics=1
            {string.Join('\n', variables)}
            exec "$DOTNET_ROOT/dotnet" {ProgramPath} "$@"
            """);
    }

    private string Script(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
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
