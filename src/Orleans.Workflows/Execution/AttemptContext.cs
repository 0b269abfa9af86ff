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

    public string DetailsJson => Details(null, []);

    /// <summary>Judges the end from all evidence. <paramref name="exit"/> is null when the supervisor was lost.</summary>
    public async Task<AttemptEnd> DescribeEndAsync(ExitRecord? exit, IAgentParser parser, string stderrTail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var swept = exit is null ? await EnvironmentSweep.RunAsync(Directory.MarkerValue, TimeProvider.System, cancellationToken) : null;
        var ended = (exit?.Survivors ?? swept?.Ended ?? []).Select(process => $"{process.Pid} {process.Name}").ToArray();
        var tail = Redactor.Redact(stderrTail);
        var outcome = exit is null ? Lost() : Adapter.Classify(new()
        {
            ExitCode = exit.ExitCode,
            Signal = exit.Signal,
            LaunchError = LaunchErrors.Describe(exit),
            StderrTail = tail,
            Parser = parser,
            StructuredOutputRequired = StructuredOutputRequired,
            StopRequested = StopRequested || exit.Cause is ExitCause.Terminated or ExitCause.Signal or ExitCause.Lease,
            At = now,
        });
        var changes = Workspace is null ? null : await workspaces.FinishAsync(Workspace, cancellationToken);
        return new()
        {
            Attempt = Order.Attempt,
            Outcome = outcome,
            ExitCode = exit?.ExitCode,
            Signal = exit?.Signal,
            NeverStarted = exit?.Cause == ExitCause.Voided,
            Details = Details(exit, ended),
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

    private static Outcome Lost() => new()
    {
        Status = RunStatus.Failed,
        Reason = new(ReasonCodes.SupervisorLost, "The attempt's supervisor was lost; its processes were ended."),
        Retryable = true,
        Resumable = true,
    };

    private string Details(ExitRecord? exit, string[] ended) => JsonSerializer.Serialize(
        new AttemptDetails
        {
            Directory = Directory.Path,
            Workspace = Workspace?.Directory,
            AgentHome = AgentHome,
            Program = Plan?.Program,
            FirstCommit = Workspace?.FirstCommit,
            Resumed = Order.Resume,
            EndedProcesses = ended.Length == 0 ? null : ended,
            UserCpuMs = exit?.UserCpuMs,
            SystemCpuMs = exit?.SystemCpuMs,
            PeakRssKb = exit?.MaxRssKb,
        },
        RunJson.Default.AttemptDetails);
}
