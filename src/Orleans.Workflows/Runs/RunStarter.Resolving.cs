using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Runs;

/// <summary>What a request and its workflow ask for together, checked before anything is stored.</summary>
public sealed partial class RunStarter
{
    private (RunOrder? Order, CompiledWorkflow? Workflow, Failure? Failure) Resolve(RunId run, StartRunRequest request, StartContext context, byte[] hash)
    {
        var workflow = request.Workflow is null ? AdHoc(request, out var failure) : _catalog.Find(request.Workflow, out failure);
        if (workflow is null)
        {
            return (null, null, failure);
        }

        var definition = workflow.Definition;
        var input = workflow.ValidateInput(request.Input?.GetRawText(), Beside(request));
        if (input.Failure is not null)
        {
            return (null, null, input.Failure);
        }

        var prompt = workflow.ComposePrompt(input.Value ?? new JsonObject(), request.Message);
        if (prompt.Failure is not null)
        {
            return (null, null, prompt.Failure);
        }

        var workspace = workflow.ComposeWorkspace(run, input.Value ?? new JsonObject(), request.Repository, request.BaseBranch, request.Branch, request.Directory, request.Agent is null ? null : KindOf(request));
        var now = _time.GetUtcNow();
        if ((workspace.Failure ?? RunRequests.CheckStartAt(request.StartAt, now) ?? CheckAgent(definition.Agent) ?? CheckEnvironment(request, definition) ?? CheckMemory(request.MemoryLimitBytes, definition.MemoryLimit) ?? CheckCredentials(definition)) is { } refused)
        {
            return (null, null, refused);
        }

        var (locks, unlockable) = LockNames.Merge(workflow.ComposeLocks(run, input.Value ?? new JsonObject()), request.Locks);
        if (unlockable is not null)
        {
            return (null, null, unlockable);
        }

        var (needs, unmet) = NodeLabels.Merge(definition.Needs, request.Needs);
        if (unmet is not null)
        {
            return (null, null, unmet);
        }

        var spec = new RunSpec
        {
            Prompt = prompt.Prompt,
            SystemPrompt = prompt.SystemPrompt,
            Model = request.Model,
            MaxTurns = request.MaxTurns,
            BudgetUsd = request.BudgetUsd,
            Timeout = request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : definition.Timeout,
            QueueTimeout = request.QueueTimeoutSeconds is { } wait ? TimeSpan.FromSeconds(wait) : definition.QueueTimeout,
            AttemptTimeout = request.AttemptTimeoutSeconds is { } one ? TimeSpan.FromSeconds(one) : definition.AttemptTimeout,
            MemoryLimit = request.MemoryLimitBytes ?? definition.MemoryLimit,
            Phases = definition.Phases,
            Environment = request.Environment,
            Workspace = workspace.Request!,
            Command = request.Command,
            Options = request.Options,
            Retry = definition.Retry,
        };
        var labels = new Dictionary<string, string>(definition.Labels);
        foreach (var (name, value) in request.Labels ?? [])
        {
            labels[name] = value;
        }

        return (new()
        {
            Workflow = request.Workflow,
            DefinitionHash = workflow.Hash,
            Agent = definition.Agent,
            Queue = request.Queue ?? definition.Queue,
            Caller = context.Caller,
            CorrelationId = context.CorrelationId,
            TraceParent = context.TraceParent,
            Spec = spec.ToJson(),
            SessionId = Guid.CreateVersion7(_time.GetUtcNow()),
            MaxTurns = request.MaxTurns ?? definition.MaxTurns,
            Labels = labels,
            Demand = new Demand
            {
                Priority = request.Priority ?? definition.Priority ?? Demand.DefaultPriority,
                FairnessKey = request.FairnessKey ?? request.Tenant,
                Workflow = request.Workflow,
                Tenant = request.Tenant,
                Repository = workspace.Request!.Repository ?? workspace.Request.Path,
                Credential = definition.Credential?.Name,
                Model = request.Model ?? definition.Model,
                Agent = definition.Agent,
                Labels = labels.Count == 0 ? null : labels,
                BudgetUsd = request.BudgetUsd ?? definition.BudgetUsd,
                Locks = locks,
                Needs = needs,
            }.ToJson(),
            QueueTimeout = spec.QueueTimeout,
            StartAt = StartOf(request, now),
            IdempotencyKey = context.IdempotencyKey,
            RequestHash = hash,
            KeepKey = context.KeepKey,
        }, workflow, null);
    }

    /// <summary>One definition an agent, so that a thousand ad-hoc runs keep one row and compile nothing.</summary>
    private CompiledWorkflow? AdHoc(StartRunRequest request, out Failure? failure)
    {
        failure = CheckAgent(request.Agent!);
        return failure is not null ? null : _adHoc.GetOrAdd(request.Agent!, static agent => CompiledWorkflow.Compile(new WorkflowDefinition
        {
            Name = "ad-hoc",
            Agent = agent,
            Retry = new() { MaximumAttempts = 1 },
            Credential = agent == "claude" ? new() { Name = agent } : null,
        }));
    }

    private Failure? CheckAgent(string agent) =>
        _agents.Find(agent) is not null || IsInSilo(agent)
            ? null
            : Failure.Invalid("agent", $"There is no agent '{agent}'.", $"Use one of: {string.Join(", ", _agents.Names)}.");

    /// <summary>A caller adds to an agent's environment; it changes nothing that the workflow or the service has put there.</summary>
    private Failure? CheckEnvironment(StartRunRequest request, WorkflowDefinition definition)
    {
        foreach (var name in request.Environment?.Keys ?? Enumerable.Empty<string>())
        {
            if (_agents.Find(definition.Agent)?.Reserves(name) == true)
            {
                return Failure.Invalid($"environment.{name}", $"'{name}' is set by the service for the agent '{definition.Agent}'.", "Declare it in the workflow, whose author decides what runs.");
            }

            if (definition.Environment.ContainsKey(name) || _credentials.VariableOf(definition.Credential) == name)
            {
                return Failure.Invalid($"environment.{name}", $"'{name}' is set by the workflow.", "Leave it out, or use another workflow.");
            }
        }

        return null;
    }

    /// <summary>What credentials name is on the nodes that run agents, and a frontend can't see it: there a missing one fails the launch.</summary>
    private Failure? CheckCredentials(WorkflowDefinition definition) =>
        _services.GetRequiredService<IOptions<NodeOptions>>().Value.Role is NodeRole.Frontend ? null : _credentials.Check(definition.Environment, definition.Credential);

    private Failure? CheckMemory(long? requested, long? before) => MemoryLimits.Check(requested, before, _services.GetRequiredService<IOptions<ExecutionOptions>>().Value);

    private bool IsInSilo(string agent) => _services.GetKeyedService<IInSiloAgent>(agent) is not null;

    /// <summary>What a workflow may ask for as its input although the request has a field of its own for it.</summary>
    private static Dictionary<string, string> Beside(StartRunRequest request)
    {
        var beside = new Dictionary<string, string>();
        foreach (var (field, text) in new[] { ("repository", request.Repository), ("baseBranch", request.BaseBranch), ("branch", request.Branch), ("directory", request.Directory) })
        {
            if (text is not null)
            {
                beside[field] = text;
            }
        }

        return beside;
    }

    /// <summary>As an instant, to the microsecond as the ledger keeps it; null where that is over.</summary>
    private static DateTimeOffset? StartOf(StartRunRequest request, DateTimeOffset now)
    {
        var at = request.StartAfterSeconds is { } seconds ? now.AddSeconds(seconds) : request.StartAt?.ToUniversalTime();
        return at > now ? at.Value.AddTicks(-(at.Value.Ticks % TimeSpan.TicksPerMicrosecond)) : null;
    }

    private static WorkspaceKind? KindOf(StartRunRequest request) => request switch
    {
        { Repository: not null } => WorkspaceKind.Worktree,
        { Directory: not null } => WorkspaceKind.Directory,
        _ => null,
    };
}
