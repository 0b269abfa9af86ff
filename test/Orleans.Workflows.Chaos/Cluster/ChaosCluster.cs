using System.Net.Http.Json;
using System.Globalization;
using Orleans.Workflows.Chaos.Checking.Reading;
using Orleans.Workflows.Chaos.Faults;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>Three nodes with state of their own on one PostgreSQL, all of it in one directory that a watchdog owns.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const string NarrowQueue = "narrow";
    public const int NarrowLimit = 3;
    public const int Slots = 8;

    /// <summary>Runs at once by the value of a label: of a resource one, as if it were locked.</summary>
    public static readonly IReadOnlyDictionary<string, int> LabelLimits = new Dictionary<string, int> { ["resource"] = 1, ["team"] = 7 };
    public const int SmallDiskBytes = 64 << 20;

    /// <summary>Without a renewal for that long a supervisor ends its agent.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How long an ended run's files may stay: their age, and time for a collection or two that a fault kept from running.</summary>
    public static readonly TimeSpan FilesKeptFor = TimeSpan.FromSeconds(25);

    /// <summary>So short that the lowest priority is the highest within the longest waits.</summary>
    public static readonly TimeSpan PriorityAging = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FilesAge = TimeSpan.FromSeconds(5);

    private readonly ChaosWatchdog _watchdog;
    private readonly bool _isHarmed;

    // Replaced, never changed: others read it meanwhile.
    private volatile ChaosNode[] _nodes;
    private int _named;
    private ChaosNode? _small;

    private ChaosCluster(string directory, ChaosWatchdog watchdog, PostgresServer postgres, string connectionString, ChaosModel? model, bool isHarmed)
    {
        (Directory, _watchdog, Postgres, ConnectionString, Model, _isHarmed) = (directory, watchdog, postgres, connectionString, model, isHarmed);
        System.IO.Directory.CreateDirectory(Repairs);
        _nodes = [NewNode(), NewNode(), NewNode()];
    }

    public string Directory { get; }

    public PostgresServer Postgres { get; }

    /// <summary>What real agents ask; null where there are none.</summary>
    public ChaosModel? Model { get; }

    /// <summary>Straight to the database, past the proxies.</summary>
    public string ConnectionString { get; }

    /// <summary>Those that are there now.</summary>
    public IReadOnlyList<ChaosNode> Nodes => _nodes;

    /// <summary>Of all nodes that ever were.</summary>
    public IEnumerable<string> NodeNames => Enumerable.Range(1, _named).Select(number => $"n{number}");

    public IReadOnlyList<string> StateDirectories => [.. _nodes.Select(node => node.StateDirectory)];

    /// <summary>Where the agents write of themselves.</summary>
    public string Journal => JournalIn(Directory);

    /// <summary>Directory of what the servers compared and put right, a file a node.</summary>
    public string Repairs => Path.Combine(Directory, "repairs");

    public static async Task<ChaosCluster> StartAsync(IReadOnlyList<FaultKind> faults, CancellationToken cancellationToken)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("ow-chaos-").FullName;
        var watchdog = new ChaosWatchdog(directory);
        var postgres = await PostgresServer.StartAsync();
        var hasModel = faults.Contains(FaultKind.ModelCut) || (faults.Count == 0 && ClaudeBinary.Find() is not null);
        var model = hasModel ? await ChaosModel.StartAsync(Path.Combine(directory, "model"), JournalIn(directory)) : null;
        var cluster = new ChaosCluster(directory, watchdog, postgres, await postgres.CreateDatabaseAsync("chaos", cancellationToken), model, isHarmed: faults.Count > 0);
        try
        {
            if (faults.Contains(FaultKind.DiskFull))
            {
                await cluster.MountSmallDiskAsync(cluster._nodes[^1]);
            }

            // The first makes the tables; the others would only wait for it.
            await cluster.Nodes[0].StartAsync(cancellationToken);
            await Task.WhenAll(cluster.Nodes.Skip(1).Select(node => node.StartAsync(cancellationToken)));
            foreach (var (label, limit) in LabelLimits)
            {
                using var put = await cluster.Nodes[0].Http.PutAsJsonAsync(new Uri($"/api/v1/limits/{label}", UriKind.Relative), new { dimension = "label", label, value = limit }, cancellationToken);
                put.EnsureSuccessStatusCode();
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether its attempts have a file system of their own, of <see cref="SmallDiskBytes"/>.</summary>
    public bool HasSmallDisk(ChaosNode node) => node == _small;

    /// <summary>Ends all of a node at once and deletes what it had.</summary>
    public async Task LoseAsync(ChaosNode node, IReadOnlyList<AgentProcess> agents)
    {
        _nodes = [.. _nodes.Where(other => other != node)];
        await node.SignalAsync("STOP");
        foreach (var agent in agents)
        {
            await Signals.SendAsync(agent.Supervisor, "KILL");
        }

        await node.LoseAsync();

        // Whatever agents started is gone with their machine too.
        foreach (var pid in ProcessReader.Pids().Where(pid => ProcessReader.VariableOf(pid, "HOME")?.StartsWith(node.StateDirectory + "/", StringComparison.Ordinal) == true))
        {
            await Signals.SendAsync(pid, "KILL");
        }

        System.IO.Directory.Delete(node.StateDirectory, recursive: true);
    }

    /// <summary>Adds a node that never was before.</summary>
    public async Task AddNodeAsync(CancellationToken cancellationToken)
    {
        var node = NewNode();
        _nodes = [.. _nodes, node];
        await node.StartAsync(cancellationToken);
    }

    /// <summary>Keeps the nodes' logs for whoever looks into a violation.</summary>
    public void CopyLogs(string to)
    {
        System.IO.Directory.CreateDirectory(to);
        foreach (var file in Nodes.Select(node => node.Log).Append(Journal).Where(File.Exists))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        if (Model is not null)
        {
            await Model.DisposeAsync();
        }

        await Postgres.DisposeAsync();
        _watchdog.Dispose();
    }

    private ChaosNode NewNode() => new($"n{++_named}", Directory, ConnectionString, Settings());

    private static string JournalIn(string directory) => Path.Combine(directory, "journal");

    private async Task MountSmallDiskAsync(ChaosNode node)
    {
        var attempts = System.IO.Directory.CreateDirectory(Path.Combine(node.StateDirectory, "attempts")).FullName;
        var result = await RunningProgram.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={SmallDiskBytes},mode=700", "tmpfs", attempts]);
        _small = result.ExitCode == 0 ? node : throw new InvalidOperationException($"A disk of its own can't be mounted (it needs root): {result}");
    }

    private Dictionary<string, string> Settings()
    {
        static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
        var settings = new Dictionary<string, string>
        {
            [RepairRecorder.Variable] = Repairs,
            ["Workflows__Dashboard"] = "false",
            ["Workflows__Execution__Slots"] = $"{Slots}",
            ["Workflows__Execution__Lease"] = Text(Lease),
            ["Workflows__Execution__NodeLease"] = Text(Lease),
            ["Workflows__Execution__AdoptionWindow"] = Text(3 * Lease),
            ["Workflows__Execution__InterruptGrace"] = Text(TimeSpan.FromSeconds(1)),
            ["Workflows__Execution__InputGrace"] = Text(TimeSpan.FromSeconds(1)),
            ["Workflows__Execution__TermGrace"] = Text(TimeSpan.FromSeconds(2)),
            ["Workflows__Admission__QueueLimits__" + NarrowQueue] = $"{NarrowLimit}",
            ["Workflows__Admission__PriorityAging"] = Text(PriorityAging),
            ["Workflows__Runs__ContinueWindow"] = Text(TimeSpan.FromSeconds(1)),
            ["Workflows__Runs__RecoveryPause"] = Text(TimeSpan.FromSeconds(1)),
            ["Workflows__Runs__MaxRecoveries"] = "20",
            ["Workflows__Collection__Period"] = Text(FilesAge),
            ["Workflows__Collection__AttemptsAge"] = Text(FilesAge),
            ["Workflows__Collection__AgentHomeAge"] = Text(FilesAge),
            ["Workflows__Collection__WorkspaceAge"] = Text(FilesAge),

            // Where nothing may be found they look often; where something is broken they must not hide for how long it was.
            ["Workflows__Admission__ReconcilePeriod"] = Text(_isHarmed ? TimeSpan.FromMinutes(1) : FilesAge),
            ["Workflows__Execution__ReconcilePeriod"] = Text(_isHarmed ? TimeSpan.FromMinutes(1) : FilesAge),
        };
        if (Model is not null)
        {
            settings["Workflows__Agents__Binaries__claude"] = Model.Program;
            settings["Workflows__Workflows__Directories__0"] = Model.Workflows;
        }

        return settings;
    }
}
