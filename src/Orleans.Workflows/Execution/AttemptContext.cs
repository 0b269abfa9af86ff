using System.Text;
using System.Text.Json;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Credentials;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Protocol;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Execution;

/// <summary>What is known of one attempt on its node: enough to follow it and to judge its end.</summary>
internal sealed class AttemptContext(LaunchOrder order, IAgentAdapter adapter, AttemptDirectory directory, WorkspaceProvider workspaces)
{
    public LaunchOrder Order { get; } = order;

    public IAgentAdapter Adapter { get; } = adapter;

    public AttemptDirectory Directory { get; } = directory;

    public AgentBaseline Baseline { get; init; } = AgentBaseline.None;

    public Workspace? Workspace { get; init; }

    /// <summary>Null for an attempt that another silo process launched.</summary>
    public LaunchPlan? Plan { get; init; }

    public IReadOnlyDictionary<string, string> AgentOptions { get; init; } = new Dictionary<string, string>();

    public string? AgentHome { get; init; }

    public string? Warning { get; init; }

    public SecretRedactor Redactor { get; init; } = SecretRedactor.None;

    public bool StructuredOutputRequired { get; init; }

    /// <summary>The engine asked for the end; the outcome is judged with it.</summary>
    public bool StopRequested { get; set; }

    /// <summary>The machine has started anew since: what was spooled last may be lost with it.</summary>
    public bool IsOfOtherBoot { get; init; }

    /// <summary>Why the attempt was judged stuck, once it is interrupted or ended for that.</summary>
    public string? Stuck { get; set; }

    /// <summary>What its processes did then.</summary>
    public IReadOnlyList<string> StuckProcesses { get; set; } = [];

    /// <summary>Which limit of its output ended the attempt.</summary>
    public string? OutputLimit { get; set; }

    /// <summary>How it passed the limit of its memory, if that ended it.</summary>
    public string? MemoryLimit { get; set; }

    /// <summary>What an earlier process of this node recorded.</summary>
    public AttemptDetails? Known { get; init; }

    public string DetailsJson => Details(null, []);

    /// <summary>Judges the end from all evidence. <paramref name="exit"/> is null when the supervisor was lost; then <paramref name="swept"/> was ended in its stead.</summary>
    public async Task<AttemptEnd> DescribeEndAsync(ExitRecord? exit, IReadOnlyList<EndedProcess> swept, SpoolReader spools, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = (exit?.Survivors ?? swept).Select(process => $"{process.Pid} {process.Name}").ToArray();
        var tail = Redactor.Redact(Encoding.UTF8.GetString(spools.StderrTail));
        var verdict = AttemptVerdict.Of(exit, Adapter.Classify(new()
        {
            ExitCode = exit?.ExitCode,
            Signal = exit?.Signal,
            LaunchError = exit is null ? null : LaunchErrors.Describe(exit),
            StderrTail = tail,
            Parser = spools.Parser,
            StructuredOutputRequired = StructuredOutputRequired,
            StopRequested = StopRequested || exit?.Cause is ExitCause.Terminated or ExitCause.Memory,
            At = now,
        }), StopRequested ? null : Stuck, StopRequested ? null : OutputLimit, MemoryLimit);
        var changes = Workspace is null ? null : await workspaces.FinishAsync(Workspace, cancellationToken);
        return new()
        {
            Attempt = Order.Attempt,
            Outcome = verdict.Outcome,
            ExitCode = exit?.ExitCode,
            Signal = exit?.Signal,
            NeverStarted = verdict.NeverStarted,
            OutputIncomplete = spools.IsShorterThan(exit) || (exit is null && IsOfOtherBoot),
            Details = Details(exit, ended),
            PeakMemoryBytes = verdict.NeverStarted ? null : exit?.PeakMemoryBytes,
            CpuMs = verdict.NeverStarted ? null : exit?.UserCpuMs + exit?.SystemCpuMs,
            Result = new()
            {
                FirstCommit = changes?.FirstCommit,
                LastCommit = changes?.LastCommit,
                ChangedFiles = changes?.ChangedFiles ?? [],
                Workspace = Workspace?.Directory,
                EndedProcesses = ended,
                StderrTail = tail.Length == 0 ? null : tail,
            },
        };
    }

    private string Details(ExitRecord? exit, string[] ended) => JsonSerializer.Serialize(
        (Known ?? new()) with
        {
            Directory = Directory.Path,
            Workspace = Workspace?.Directory ?? Known?.Workspace,
            AgentHome = AgentHome ?? Known?.AgentHome,
            Program = Plan?.Program ?? Known?.Program,
            FirstCommit = Workspace?.FirstCommit ?? Known?.FirstCommit,
            Resumed = Order.Resume,
            EndedProcesses = ended.Length == 0 ? null : ended,
            Stuck = Stuck ?? Known?.Stuck,
            StuckProcesses = StuckProcesses.Count == 0 ? Known?.StuckProcesses : StuckProcesses,
            UserCpuMs = exit?.UserCpuMs,
            SystemCpuMs = exit?.SystemCpuMs,
            PeakRssKb = exit?.MaxRssKb,
        },
        RunJson.Default.AttemptDetails);
}
