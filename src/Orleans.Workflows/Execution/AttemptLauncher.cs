using System.Text.Json;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Credentials;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Execution;

/// <summary>
/// Turns a claimed attempt into a supervised process: definition, credentials, workspace, agent home, launch. Secrets are
/// read here and go to the supervisor's pipe alone.
/// </summary>
internal sealed class AttemptLauncher(
    DefinitionStore definitions,
    AgentCatalog agents,
    CredentialResolver credentials,
    WorkspaceProvider workspaces,
    SupervisorLauncher supervisors,
    IOptions<ExecutionOptions> options,
    IOptions<AgentsOptions> agentOptions)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private readonly ExecutionOptions _options = options.Value;

    /// <summary>Launches, or says why not. Once there is a directory only the supervisor knows whether the agent runs.</summary>
    public async Task<LaunchResult> LaunchAsync(LaunchOrder order, CancellationToken cancellationToken)
    {
        var spec = RunSpec.FromJson(order.Spec);
        if (await definitions.FindAsync(order.DefinitionHash, cancellationToken) is not { } workflow)
        {
            return LaunchResult.Failed(ReasonCodes.DefinitionMissing, $"The definition {order.DefinitionHash} is not in the ledger.", retryable: false);
        }

        var definition = workflow.Definition;
        if (agents.Find(order.Agent) is not { } adapter)
        {
            return LaunchResult.Failed(ReasonCodes.LaunchFailed, $"This node knows no agent '{order.Agent}'.", retryable: false, Dependency.Agent);
        }

        var environment = credentials.Resolve(definition.Environment, definition.Credential);
        if (environment.Failure is { } missing)
        {
            return LaunchResult.Failed(ReasonCodes.LaunchFailed, missing);
        }

        var prepared = await workspaces.PrepareAsync(WorkspaceOf(order, spec), cancellationToken);
        if (prepared.Failure is { } noWorkspace)
        {
            return LaunchResult.Failed(ReasonCodes.WorkspaceFailed, noWorkspace);
        }

        var workspace = prepared.Workspace!;
        var home = System.IO.Path.Combine(_options.StateDirectory, "homes", order.SessionRun.Value.ToString("N"));
        Directory.CreateDirectory(home, OwnerDirectory);
        var launch = new AgentLaunch
        {
            AttemptKey = AttemptDirectory.Of(_options.StateDirectory, order.Run.Value, order.Attempt).MarkerValue,
            PromptId = order.PromptId,
            Prompt = spec.Prompt,
            Preface = order.Preface,
            SystemPrompt = spec.SystemPrompt,
            Model = spec.Model ?? definition.Model,
            MaxTurns = spec.MaxTurns ?? definition.MaxTurns,
            BudgetUsd = spec.BudgetUsd ?? definition.BudgetUsd,
            PermissionMode = definition.PermissionMode,
            AllowedTools = definition.AllowedTools,
            DisallowedTools = definition.DisallowedTools,
            McpConfig = definition.McpServers,
            OutputSchema = definition.OutputSchema,
            SessionId = order.SessionId,
            Resume = order.Resume,
            AgentHome = home,
            WorkingDirectory = workspace.Directory,
            Environment = Merge(environment.Environment, spec.Environment),
            Command = spec.Command ?? definition.Command,
            Binary = agentOptions.Value.Binaries.GetValueOrDefault(order.Agent),
            Options = Merge(definition.Options, spec.Options),
            Locks = order.Locks,
        };
        var plan = adapter.BuildLaunch(launch);
        if (plan.Failure is { } impossible)
        {
            return LaunchResult.Failed(ReasonCodes.LaunchFailed, impossible);
        }

        WriteFiles(plan);
        var warnings = new[] { plan.Warning }.Concat(environment.Warnings).Where(text => text is not null).ToArray();
        var context = new AttemptContext(order, adapter, AttemptDirectory.Of(_options.StateDirectory, order.Run.Value, order.Attempt), workspaces)
        {
            Baseline = order.Baseline ?? AgentBaseline.None,
            Workspace = workspace,
            Plan = plan,
            AgentOptions = launch.Options,
            AgentHome = home,
            Warning = warnings.Length == 0 ? null : string.Join(" ", warnings),
            Redactor = environment.Redactor,
            StructuredOutputRequired = definition.OutputSchema is not null,
        };
        try
        {
            return new(context, await supervisors.StartAsync(new() { Directory = context.Directory, Agent = SpecOf(plan, adapter, workspace, spec) }, cancellationToken), null);
        }
        catch (PosixException exception)
        {
            return LaunchResult.Failed(ReasonCodes.LaunchFailed, exception.Message, retryable: true);
        }
    }

    /// <summary>What is known of an attempt that an earlier process of this node launched.</summary>
    /// <remarks>Looks only: a live agent may be at work there.</remarks>
    public async Task<AttemptContext?> RecallAsync(AttemptPosition position, CancellationToken cancellationToken)
    {
        var order = position.Order;
        if (agents.Find(order.Agent) is not { } adapter)
        {
            return null;
        }

        var spec = RunSpec.FromJson(order.Spec);
        var workflow = await definitions.FindAsync(order.DefinitionHash, cancellationToken);
        // For the redactor alone: the agent has its environment, and what it says may hold secrets of it.
        var environment = workflow is null ? null : credentials.Resolve(workflow.Definition.Environment, workflow.Definition.Credential);
        return new(order, adapter, AttemptDirectory.Of(_options.StateDirectory, order.Run.Value, order.Attempt), workspaces)
        {
            Baseline = order.Baseline ?? AgentBaseline.None,
            Workspace = workspaces.Find(order.Run),
            Known = position.Details is null ? null : JsonSerializer.Deserialize(position.Details, RunJson.Default.AttemptDetails),
            StopRequested = position.StopRequested,
            IsOfOtherBoot = position.BootId is { } boot && boot != ProcessIdentity.BootId,
            Redactor = environment?.Redactor ?? SecretRedactor.None,
            AgentOptions = Merge(workflow?.Definition.Options ?? new Dictionary<string, string>(), spec.Options),
            StructuredOutputRequired = workflow?.Definition.OutputSchema is not null,
        };
    }

    private static WorkspaceRequest WorkspaceOf(LaunchOrder order, RunSpec spec) => spec.Workspace! with
    {
        Run = order.Run,
        Attempt = order.Attempt,
        ContinuationOf = order.Away ? null : spec.ContinuedFrom,
        Fresh = order.Attempt > 1 && spec.Retry.Mode == RetryMode.Restart,
    };

    private LaunchSpec SpecOf(LaunchPlan plan, IAgentAdapter adapter, Workspace workspace, RunSpec spec) => new()
    {
        Program = plan.Program,
        Arguments = plan.Arguments,
        Environment = plan.Environment,
        WorkingDirectory = workspace.Directory,
        StandardInput = plan.Input,
        KeepStandardInputOpen = plan.KeepInputOpen,
        StdoutLimit = _options.StdoutLimit,
        StderrLimit = _options.StderrLimit,
        Interrupt = adapter.EncodeInterrupt(Guid.NewGuid()),
        InterruptGraceMs = (int)_options.InterruptGrace.TotalMilliseconds,
        StdinCloseGraceMs = (int)_options.InputGrace.TotalMilliseconds,
        TermGraceMs = (int)_options.TermGrace.TotalMilliseconds,
        LeaseDeadlineMs = _options.Lease is { } lease ? BootClock.Milliseconds + (long)lease.TotalMilliseconds : null,
        CoreLimitBytes = 0,
        MemoryLimit = MemoryLimits.Of(spec.MemoryLimit, _options),
    };

    private static void WriteFiles(LaunchPlan plan)
    {
        foreach (var directory in plan.Directories)
        {
            Directory.CreateDirectory(directory, OwnerDirectory);
        }

        foreach (var (path, text) in plan.Files)
        {
            using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerFile });
            using var writer = new StreamWriter(stream);
            writer.Write(text);
        }
    }

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> first, Dictionary<string, string>? second)
    {
        var merged = new Dictionary<string, string>(first);
        foreach (var (name, value) in second ?? [])
        {
            merged[name] = value;
        }

        return merged;
    }
}
