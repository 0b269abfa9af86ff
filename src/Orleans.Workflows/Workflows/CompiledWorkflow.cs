using System.Text.Json.Nodes;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// A definition ready for use: its schema and templates parsed once. From a folder by <see cref="WorkflowCatalog"/>, or from
/// a definition that the ledger kept. Thread-safe.
/// </summary>
public sealed class CompiledWorkflow
{
    /// <summary>Characters of a run's message.</summary>
    public const int MessageLimit = 1024 * 1024;

    private static readonly string[] PromptRoots = ["input", "message"];
    private static readonly string[] WorkspaceRoots = ["input", "run", "workflow"];
    private readonly InputSchema? _schema;
    private readonly PromptTemplate? _prompt;
    private readonly PromptTemplate? _systemPrompt;
    private readonly Dictionary<string, PromptTemplate> _workspace = [];
    private readonly List<(PromptTemplate Name, LockMode Mode)> _locks = [];

    private CompiledWorkflow(WorkflowDefinition definition, List<DefinitionError> errors)
    {
        Definition = definition;
        Json = definition.ToJson();
        Hash = DefinitionFormat.Hash(Json);
        if (definition.InputSchema is { } schema)
        {
            _schema = InputSchema.Parse(schema, out var error);
            if (error is not null)
            {
                errors.Add(new DefinitionError("inputSchema", 0, $"The input schema {error}.", "Correct the schema."));
            }
        }
        _prompt = Template("prompt", definition.Prompt, PromptRoots, errors);
        _systemPrompt = Template("systemPrompt", definition.SystemPrompt, PromptRoots, errors);
        foreach (var (field, text) in WorkspaceTexts(definition.Workspace))
        {
            if (Template(field, text, WorkspaceRoots, errors) is { } template)
            {
                _workspace[field] = template;
            }
        }
        foreach (var (name, mode) in definition.Locks)
        {
            if (Template("locks", name, WorkspaceRoots, errors) is { } template)
            {
                _locks.Add((template, mode));
            }
        }
    }

    public WorkflowDefinition Definition { get; }

    /// <summary>The definition's canonical JSON.</summary>
    public string Json { get; }

    public string Hash { get; }

    /// <summary>Compiles a stored or ad-hoc definition.</summary>
    /// <exception cref="ArgumentException">Its schema or a template is broken; the message says which field and why.</exception>
    public static CompiledWorkflow Compile(WorkflowDefinition definition)
    {
        var errors = new List<DefinitionError>();
        var compiled = new CompiledWorkflow(definition, errors);
        return errors.Count == 0 ? compiled : throw new ArgumentException($"{errors[0].Field}: {errors[0].Message} {errors[0].Remedy}", nameof(definition));
    }

    internal static CompiledWorkflow Compile(WorkflowDefinition definition, List<DefinitionError> errors) => new(definition, errors);

    /// <summary>Reads, completes and validates a run's input, as JSON text or null.</summary>
    /// <param name="json">The input, or null.</param>
    /// <param name="beside">Fields of the request itself, which fill the schema's properties of the same names.</param>
    public InputResult ValidateInput(string? json, IReadOnlyDictionary<string, string>? beside = null) => _schema is null ? WorkflowInput.Read(json) : _schema.Validate(json, beside);

    /// <summary>
    /// The prompts of a run. Without a prompt template the message is the prompt; a message that the template does not
    /// mention is appended, so that what a caller says is never lost.
    /// </summary>
    public PromptResult ComposePrompt(JsonObject input, string? message)
    {
        if (message?.Length > MessageLimit)
        {
            return PromptResult.Refused(new Failure { Kind = FailureKind.TooLarge, Code = "too_large", Field = "message", Message = $"The message is longer than {MessageLimit} characters.", Remedy = "Put large content into a file of the workspace and name it in the message." });
        }
        if (message?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return PromptResult.Refused(Failure.Invalid("message", "The message holds the character U+0000.", "Remove it."));
        }
        var values = new JsonObject { ["input"] = input.DeepClone(), ["message"] = message ?? "" };
        var prompt = Render(_prompt, values, out var failure);
        var systemPrompt = failure is null ? Render(_systemPrompt, values, out failure) : null;
        if (failure is not null)
        {
            return PromptResult.Refused(failure);
        }
        var mentioned = _prompt?.Placeholders.Contains("message") == true || _systemPrompt?.Placeholders.Contains("message") == true;
        if (!mentioned && !string.IsNullOrWhiteSpace(message))
        {
            prompt = string.IsNullOrWhiteSpace(prompt) ? message : $"{prompt.TrimEnd('\n')}\n\n{message}";
        }
        return !string.IsNullOrWhiteSpace(prompt) || Definition.Agent is "command" or "scripted"
            ? new PromptResult { Prompt = prompt ?? "", SystemPrompt = systemPrompt }
            : PromptResult.Refused(Failure.Invalid("message", $"The workflow '{Definition.Name}' has nothing to ask the agent.", "Send a message."));
    }

    /// <summary>
    /// The workspace that a run of this workflow asks for; what the request itself says goes first. <paramref name="asked"/>
    /// is the kind that an ad-hoc request implies; a workflow's own kind is its author's choice.
    /// </summary>
    public WorkspaceRequestResult ComposeWorkspace(RunId run, JsonObject input, string? repository = null, string? baseBranch = null, string? branch = null, string? path = null, WorkspaceKind? asked = null)
    {
        var values = ValuesOf(run, input);
        // What a caller asks for and would not get is refused, not dropped.
        var kind = asked ?? Definition.Workspace.Kind;
        var failure = kind != WorkspaceKind.Worktree && (repository ?? baseBranch ?? branch) is not null
            ? Failure.Invalid(repository is not null ? "repository" : branch is not null ? "branch" : "baseBranch", $"The workflow '{Definition.Name}' does not work in a git worktree.", "Leave repository, baseBranch and branch out, or use a workflow whose workspace is a worktree.")
            : kind != WorkspaceKind.Directory && path is not null
            ? Failure.Invalid("directory", $"The workflow '{Definition.Name}' does not work in an existing directory.", "Leave directory out, or use a workflow whose workspace is a directory.")
            : null;
        var request = new WorkspaceRequest
        {
            Run = run,
            Attempt = 1,
            Workflow = Definition.Name,
            Kind = kind,
            Path = Text("workspace.path", path),
            Repository = Text("workspace.repository", repository),
            BaseBranch = Text("workspace.base", baseBranch),
            Branch = Text("workspace.branch", branch),
        };
        return failure is null ? new WorkspaceRequestResult { Request = request } : new WorkspaceRequestResult { Failure = failure };

        string? Text(string field, string? said)
        {
            if (said is not null || failure is not null)
            {
                return said;
            }
            var text = Render(_workspace.GetValueOrDefault(field), values, out failure);
            return string.IsNullOrWhiteSpace(text) ? null : text;
        }
    }

    /// <summary>The locks that a run of this workflow asks for, with what its input says in their names.</summary>
    public LocksResult ComposeLocks(RunId run, JsonObject input)
    {
        var locks = new Dictionary<string, LockMode>(StringComparer.Ordinal);
        var values = _locks.Count == 0 ? [] : ValuesOf(run, input);
        foreach (var (template, mode) in _locks)
        {
            var name = Render(template, values, out var failure);
            if (failure is not null)
            {
                return new() { Failure = failure };
            }
            locks[name!] = locks.TryGetValue(name!, out var other) && other < mode ? other : mode;
        }
        return new() { Locks = locks };
    }

    private JsonObject ValuesOf(RunId run, JsonObject input) => new()
    {
        ["input"] = input.DeepClone(),
        ["run"] = new JsonObject { ["id"] = run.ToString(), ["short"] = WorkspaceRequest.ShortId(run) },
        ["workflow"] = new JsonObject { ["name"] = Definition.Name },
    };

    private string? Render(PromptTemplate? template, JsonObject values, out Failure? failure)
    {
        string? missing = null;
        var text = template?.Render(values, path => _schema?.Fit(path) == PlaceholderFit.Known, out missing);
        failure = missing is null ? null : Failure.Invalid(missing, $"The workflow '{Definition.Name}' needs {missing}, and the input has none.", $"Add {missing} to the request.");
        return text;
    }

    private PromptTemplate? Template(string field, string? text, string[] roots, List<DefinitionError> errors)
    {
        if (text is null)
        {
            return null;
        }
        var template = PromptTemplate.Parse(text, roots, out var error);
        if (error is not null)
        {
            errors.Add(new DefinitionError(field, error.Offset, error.Message, error.Remedy));
        }
        foreach (var (name, offset) in template?.Paths ?? [])
        {
            if (name.StartsWith("input.", StringComparison.Ordinal) && _schema?.Fit(name) == PlaceholderFit.Unknown)
            {
                errors.Add(new DefinitionError(field, offset, $"The input schema has no '{name}'.", "Declare it under inputSchema.properties, or correct the placeholder."));
            }
            else if (name is not ("run.id" or "run.short" or "workflow.name" or "message") && !name.StartsWith("input.", StringComparison.Ordinal))
            {
                errors.Add(new DefinitionError(field, offset, $"There is no '{name}'.", "Write {{run.id}}, {{run.short}} or {{workflow.name}}."));
            }
        }
        return template;
    }

    private static IEnumerable<(string Field, string? Text)> WorkspaceTexts(WorkspaceTemplate workspace) =>
        [("workspace.path", workspace.Path), ("workspace.repository", workspace.Repository), ("workspace.base", workspace.BaseBranch), ("workspace.branch", workspace.Branch)];
}
