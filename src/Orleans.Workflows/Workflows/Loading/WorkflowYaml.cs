using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Credentials;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>Reads <c>workflow.yaml</c> and the files beside it.</summary>
internal static class WorkflowYaml
{
    public const int MostTurns = 10_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);
    private static readonly string[] Agents = ["claude", "command", "scripted"];
    private static readonly string[] PermissionModes = ["default", "acceptEdits", "plan", "dontAsk", "auto", "bypassPermissions"];

    private static readonly string[] RetryModes = ["resume", "restart"];
    private static readonly string[] Exhaustions = ["fail", "pause"];
    private static readonly string[] RateLimitAnswers = ["wait", "fail"];
    private static readonly string[] PlaceFields = ["path", "repository", "base", "branch"];
    private static readonly string[] Booleans = ["true", "false"];
    private static readonly string[] Kinds = ["temporary", "directory", "worktree"];

    private static readonly string[] Fields =
    [
        "name", "description", "agent", "model", "maxTurns", "timeout", "attemptTimeout", "memoryLimit", "phases", "queueTimeout", "budgetUsd", "permissionMode", "allowedTools",
        "disallowedTools", "mcpServers", "environment", "credential", "workspace", "queue", "priority", "locks", "needs", "retry", "inputSchema", "outputSchema",
        "command", "options", "labels",
    ];

    public static WorkflowDraft? Read(WorkflowFolder files, string folder, ProblemSink problems)
    {
        const string file = WorkflowLoader.File;
        var before = problems.Problems.Count;
        var node = files.ReadYaml(file);
        if (node is not MapNode map)
        {
            if (problems.Problems.Count == before)
            {
                problems.Add(file, node?.At ?? Position.None, null, $"{file} is empty or not a mapping.", "Write 'agent: claude' at least.");
            }
            return null;
        }
        var yaml = new MapReader(map, file, "", problems, Fields);
        var agent = yaml.OneOf("agent", Agents);
        if (agent is null && yaml.Node("agent") is null)
        {
            problems.Add(file, map.At, "agent", "The workflow names no agent.", $"Add 'agent:' with one of: {string.Join(", ", Agents)}.");
        }
        var definition = new WorkflowDefinition
        {
            Name = yaml.Text("name") ?? folder,
            Description = yaml.Text("description"),
            Agent = agent ?? "",
            Model = yaml.Text("model"),
            MaxTurns = yaml.Integer("maxTurns", 1, MostTurns),
            Timeout = yaml.Duration("timeout", Shortest, Longest) ?? WorkflowDefinition.DefaultTimeout,
            AttemptTimeout = yaml.Duration("attemptTimeout", Shortest, Longest),
            MemoryLimit = yaml.Size("memoryLimit", MemoryLimits.Least, MemoryLimits.Most),
            Phases = Phases(yaml),
            QueueTimeout = yaml.Duration("queueTimeout", Shortest, Longest),
            BudgetUsd = yaml.Number("budgetUsd", 0.0001m, 100_000m),
            PermissionMode = yaml.OneOf("permissionMode", PermissionModes),
            AllowedTools = Tools(yaml, "allowedTools", files, "allowed_tools.json", problems),
            DisallowedTools = Tools(yaml, "disallowedTools", files, "disallowed_tools.json", problems),
            McpServers = McpServers(yaml, files, problems),
            Environment = Environment(yaml),
            Credential = Credential(yaml),
            Workspace = Workspace(yaml),
            Queue = Queue(yaml),
            Priority = yaml.Integer("priority", Demand.HighestPriority, Demand.LowestPriority),
            Locks = Locks(yaml),
            Needs = Needs(yaml),
            Retry = Retry(yaml),
            InputSchema = Schema(yaml, "inputSchema"),
            OutputSchema = Schema(yaml, "outputSchema"),
            Command = yaml.Texts("command"),
            Options = yaml.TextMap("options", structured: true),
            Prompt = Prompt(files, "prompt.md"),
            SystemPrompt = Prompt(files, "system.md"),
            Labels = yaml.TextMap("labels", structured: false),
        };
        if (agent == "command" && definition.Command.Count == 0 && yaml.Node("command") is null)
        {
            problems.Add(file, yaml.At("agent"), "command", "The agent 'command' needs a command.", "Add 'command: [program, argument]'.");
        }
        return new WorkflowDraft(definition, file, field => yaml.At(field.Split('.')[0]));
    }

    private static IReadOnlyList<string> Tools(MapReader yaml, string field, WorkflowFolder files, string file, ProblemSink problems)
    {
        var fromFile = ToolFiles.Tools(files, file, problems);
        if (fromFile is not null && yaml.Node(field) is { } node)
        {
            yaml.Wrong<string>(field, node, $"stands here and in {file}", "Keep one of them.");
        }
        return fromFile ?? yaml.Texts(field);
    }

    private static string? McpServers(MapReader yaml, WorkflowFolder files, ProblemSink problems)
    {
        var fromFile = ToolFiles.McpServers(files, problems);
        if (yaml.Node("mcpServers") is not { } node)
        {
            return fromFile;
        }
        if (fromFile is not null)
        {
            return yaml.Wrong<string>("mcpServers", node, "stands here and in .mcp.json", "Keep one of them.");
        }
        return node is MapNode map && map.Entries.All(entry => entry.Value is MapNode)
            ? new System.Text.Json.Nodes.JsonObject { ["mcpServers"] = node.ToJson() }.ToJsonString(WorkflowInput.Json)
            : yaml.Wrong<string>("mcpServers", node, "must be a mapping of servers", "Write 'name: {command: program, args: []}' for each.");
    }

    private static Dictionary<string, ValueSource> Environment(MapReader yaml)
    {
        var result = new Dictionary<string, ValueSource>(StringComparer.Ordinal);
        foreach (var entry in yaml.Entries("environment"))
        {
            var field = $"environment.{entry.Key}";
            if (!EnvironmentName.IsValid(entry.Key))
            {
                yaml.Wrong<string>(field, entry.Value, "is no name of a variable", "Use letters, digits and underscores.");
            }
            else if (entry.Value is ScalarNode scalar)
            {
                result[entry.Key] = ValueSource.Literal(scalar.Kind == ScalarKind.Null ? "" : scalar.Text);
            }
            else if (entry.Value is MapNode map)
            {
                var source = yaml.Child(field, map, "fromEnv", "fromFile", "optional");
                result[entry.Key] = Source(source, map, yaml, field) with { Optional = source.OneOf("optional", Booleans) == "true" };
            }
            else
            {
                yaml.Wrong<string>(field, entry.Value, "must be a text, {fromEnv: NAME} or {fromFile: /path}", "Write one of the three.");
            }
        }
        return result;
    }

    private static ValueSource Source(MapReader map, SourceNode node, MapReader parent, string field)
    {
        var source = new ValueSource { FromEnv = map.Text("fromEnv"), FromFile = map.Text("fromFile") };
        if (source.FromEnv is null == source.FromFile is null)
        {
            parent.Wrong<string>(field, node, "must have exactly one of fromEnv and fromFile", "Write {fromEnv: NAME} or {fromFile: /path}.");
        }
        if (source.FromEnv is { } variable && !EnvironmentName.IsValid(variable))
        {
            map.Wrong<string>("fromEnv", map.Node("fromEnv")!, "is no name of a variable", "Use letters, digits and underscores.");
        }
        if (source.FromFile is { } path && !Path.IsPathFullyQualified(path))
        {
            map.Wrong<string>("fromFile", map.Node("fromFile")!, "must be an absolute path", "Runs may start on any node: write the whole path.");
        }
        return source;
    }

    private static CredentialReference? Credential(MapReader yaml)
    {
        if (yaml.Node("credential") is not MapNode map)
        {
            return yaml.Text("credential") is { } name ? new CredentialReference { Name = name } : null;
        }
        var credential = yaml.Child("credential", map, "name", "fromEnv", "fromFile", "variable");
        var reference = new CredentialReference { Name = credential.Text("name"), Variable = credential.Text("variable") };
        if (reference.Variable is { } variable && !EnvironmentName.IsValid(variable))
        {
            credential.Wrong<string>("variable", credential.Node("variable")!, "is no name of a variable", "Use letters, digits and underscores.");
        }
        if (reference.Name is null || credential.Node("fromEnv") is not null || credential.Node("fromFile") is not null)
        {
            reference = reference with { Source = Source(credential, map, yaml, "credential") };
        }
        return reference.Source?.FromFile is not null && reference.Variable is null
            ? yaml.Wrong<CredentialReference>("credential", map, "does not say which variable the file's content becomes", "Add 'variable: NAME'.")
            : reference;
    }

    private static WorkspaceTemplate Workspace(MapReader yaml)
    {
        var node = yaml.Node("workspace");
        if (node is not MapNode map)
        {
            return new WorkspaceTemplate { Kind = Kind(yaml.OneOf("workspace", Kinds)) };
        }
        var workspace = yaml.Child("workspace", map, "kind", "path", "repository", "base", "branch");
        var kind = Kind(workspace.OneOf("kind", Kinds));
        foreach (var field in PlaceFields.Where(field => workspace.Node(field) is not null && (field == "path" ? kind != WorkspaceKind.Directory : kind != WorkspaceKind.Worktree)))
        {
            workspace.Wrong<string>(field, workspace.Node(field)!, $"has no meaning for the kind '{Kinds[(int)kind - 1]}'", "Remove it, or change the kind.");
        }
        return new WorkspaceTemplate { Kind = kind, Path = workspace.Text("path"), Repository = workspace.Text("repository"), BaseBranch = workspace.Text("base"), Branch = workspace.Text("branch") };
    }

    private static WorkspaceKind Kind(string? text) => text switch { "directory" => WorkspaceKind.Directory, "worktree" => WorkspaceKind.Worktree, _ => WorkspaceKind.Temporary };

    private static string Queue(MapReader yaml)
    {
        var queue = yaml.Text("queue") ?? WorkflowDefinition.DefaultQueue;
        return WorkflowLoader.IsName(queue) ? queue : yaml.Wrong<string>("queue", yaml.Node("queue")!, "is no name of a queue", $"Use {WorkflowLoader.NameRule}.") ?? "";
    }

    private static Dictionary<string, LockMode> Locks(MapReader yaml)
    {
        var locks = new Dictionary<string, LockMode>(StringComparer.Ordinal);
        foreach (var entry in yaml.Entries("locks"))
        {
            if (entry.Value is ScalarNode { Text: "exclusive" or "shared" } scalar)
            {
                locks[entry.Key] = scalar.Text == "shared" ? LockMode.Shared : LockMode.Exclusive;
            }
            else
            {
                yaml.Wrong<string>($"locks.{entry.Key}", entry.Value, "is neither exclusive nor shared", "Write 'name: exclusive' or 'name: shared'.");
            }
        }
        if (LockNames.Check(locks) is { } wrong)
        {
            yaml.Wrong<string>("locks", yaml.Node("locks")!, $"can't be: {wrong.Message}", wrong.Remedy ?? "Correct them.");
        }
        return locks;
    }

    private static string[] Needs(MapReader yaml)
    {
        var needs = yaml.Texts("needs");
        if (NodeLabels.Check("needs", needs, NodeLabels.MostNeeds) is { } wrong)
        {
            return yaml.Wrong<string[]>("needs", yaml.Node("needs")!, $"can't be: {wrong.Message}", wrong.Remedy ?? "Correct them.") ?? [];
        }
        return [.. needs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static RetryPolicy Retry(MapReader yaml)
    {
        var standard = new RetryPolicy();
        if (yaml.Child("retry", "maximumAttempts", "initialInterval", "backoffCoefficient", "maximumInterval", "jitter", "retryOn", "retryOnExitCodes", "mode", "onExhausted", "onRateLimit") is not { } retry)
        {
            return standard;
        }
        return new RetryPolicy
        {
            MaximumAttempts = retry.Integer("maximumAttempts", 1, 100) ?? standard.MaximumAttempts,
            InitialInterval = retry.Duration("initialInterval", TimeSpan.Zero, TimeSpan.FromDays(1)) ?? standard.InitialInterval,
            BackoffCoefficient = (double?)retry.Number("backoffCoefficient", 1, 100) ?? standard.BackoffCoefficient,
            MaximumInterval = retry.Duration("maximumInterval", TimeSpan.Zero, TimeSpan.FromDays(1)) ?? standard.MaximumInterval,
            Jitter = (double?)retry.Number("jitter", 0, 1),
            RetryOn = ReasonList.Read(retry, "retryOn"),
            RetryOnExitCodes = retry.Integers("retryOnExitCodes"),
            Mode = retry.OneOf("mode", RetryModes) == "restart" ? RetryMode.Restart : RetryMode.Resume,
            OnExhausted = retry.OneOf("onExhausted", Exhaustions) switch { "pause" => RetryExhaustion.Pause, "fail" => RetryExhaustion.Fail, _ => null },
            OnRateLimit = retry.OneOf("onRateLimit", RateLimitAnswers) switch { "wait" => RateLimitAnswer.Wait, "fail" => RateLimitAnswer.Fail, _ => null },
        };
    }

    private static PhaseTimes? Phases(MapReader yaml)
    {
        var phases = yaml.Child("phases", "firstOutput", "modelSilence", "toolSilence", "exitAfterResult", "backgroundTasks");
        var times = phases is null ? null : new PhaseTimes
        {
            FirstOutput = phases.Duration("firstOutput", Shortest, Longest),
            ModelSilence = phases.Duration("modelSilence", Shortest, Longest),
            ToolSilence = phases.Duration("toolSilence", Shortest, Longest),
            ExitAfterResult = phases.Duration("exitAfterResult", Shortest, Longest),
            BackgroundTasks = phases.Duration("backgroundTasks", Shortest, Longest),
        };
        return times == new PhaseTimes() ? null : times;
    }

    private static string? Schema(MapReader yaml, string field) => yaml.Node(field) switch
    {
        null => null,
        MapNode map => map.ToJson()!.ToJsonString(WorkflowInput.Json),
        var node => yaml.Wrong<string>(field, node, "must be a JSON schema as a mapping", "Write 'type: object' and 'properties:' below it."),
    };

    private static string? Prompt(WorkflowFolder files, string file) => files.Read(file) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
