using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Runs;

/// <summary>Checks what a request says by itself, before anything is looked up. The first broken rule is named with its field and remedy.</summary>
internal static class RunRequests
{
    public const int MessageLimit = 1024 * 1024;
    public const int LabelLimit = 32;
    public const int NameLimit = 128;

    /// <summary>How far ahead a start may be, in seconds: 365 days.</summary>
    public const int FarthestStart = 31_536_000;

    public static Failure? Check(StartRunRequest request) =>
        CheckTarget(request)
        ?? CheckText("message", request.Message, MessageLimit)
        ?? CheckRange("maxTurns", request.MaxTurns, 1, 1_000, "turns")
        ?? CheckRange("timeoutSeconds", request.TimeoutSeconds, 1, 86_400, "seconds")
        ?? CheckRange("attemptTimeoutSeconds", request.AttemptTimeoutSeconds, 1, 86_400, "seconds")
        ?? CheckRange("queueTimeoutSeconds", request.QueueTimeoutSeconds, 1, 604_800, "seconds")
        ?? CheckStart(request)
        ?? CheckRange("budgetUsd", (double?)request.BudgetUsd, 0.000001, 10_000, "US dollars")
        ?? CheckRange("memoryLimitBytes", request.MemoryLimitBytes, MemoryLimits.Least, MemoryLimits.Most, "bytes (16 MB to 16 TB)")
        ?? CheckText("model", request.Model, NameLimit)
        ?? CheckName("queue", request.Queue)
        ?? CheckRange("priority", request.Priority, Demand.HighestPriority, Demand.LowestPriority, "(1 is the first)")
        ?? CheckKey("tenant", request.Tenant)
        ?? CheckKey("fairnessKey", request.FairnessKey)
        ?? CheckText("repository", request.Repository, 4096)
        ?? CheckText("directory", request.Directory, 4096)
        ?? CheckText("branch", request.Branch, 255)
        ?? CheckText("baseBranch", request.BaseBranch, 255)
        ?? CheckWorkspace(request)
        ?? CheckMap("labels", request.Labels, NameLimit, LabelLimit)
        ?? LockNames.Check(request.Locks)
        ?? NodeLabels.Check("needs", request.Needs, NodeLabels.MostNeeds)
        ?? CheckMap("options", request.Options, 1024 * 1024, 64)
        ?? CheckEnvironment(request.Environment)
        ?? CheckCommand(request.Command);

    /// <summary>Whether the start is within the bound, as of now.</summary>
    public static Failure? CheckStartAt(DateTimeOffset? startAt, DateTimeOffset now) =>
        startAt > now.AddSeconds(FarthestStart)
            ? Failure.Invalid("startAt", $"'startAt' is more than {FarthestStart / 86_400} days ahead.", "Choose a nearer time, or have a schedule start it.")
            : null;

    /// <summary>Nobody started it, or it was removed after its time.</summary>
    public static Failure Missing(RunId run) =>
        Failure.NotFound($"There is no run {run}.", "List the runs to find its id.") with { Code = "run_not_found", Field = "id" };

    /// <summary>What makes repeats safe stands for another request already.</summary>
    public static Failure KeyReused(string field) => new()
    {
        Kind = FailureKind.KeyReused,
        Code = "key_reused",
        Message = $"'{field}' was used with another request.",
        Field = field,
        Remedy = "Use a new one for a new request; repeat the old request unchanged to get its answer.",
    };

    public static Failure? CheckText(string field, string? text, int limit)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > limit)
        {
            return Failure.Invalid(field, $"'{field}' has {text.Length} characters; at most {limit} are allowed.", "Shorten it, or pass a path to a file.");
        }

        return text.Contains('\0', StringComparison.Ordinal)
            ? Failure.Invalid(field, $"'{field}' contains the character U+0000.", "Remove it: databases and processes can't carry it.")
            : null;
    }

    private static Failure? CheckStart(StartRunRequest request) =>
        request is { StartAt: not null, StartAfterSeconds: not null }
            ? Failure.Invalid("startAfterSeconds", "Both 'startAt' and 'startAfterSeconds' are given.", "Give one of them.")
            : CheckRange("startAfterSeconds", request.StartAfterSeconds, 0, FarthestStart, "seconds");

    private static Failure? CheckKey(string field, string? key) =>
        key is "" ? Failure.Invalid(field, $"'{field}' is empty.", "Give it a text, or leave it out.") : CheckText(field, key, NameLimit);

    private static Failure? CheckTarget(StartRunRequest request) => (request.Workflow, request.Agent) switch
    {
        (null, null) => Failure.Invalid("workflow", "Neither a workflow nor an agent is named.", "Name a workflow, or an agent for an ad-hoc run."),
        (not null, not null) => Failure.Invalid("agent", "Both a workflow and an agent are named.", "Name one: a workflow brings its own agent."),
        ({ } workflow, _) => CheckName("workflow", workflow),
        (_, { } agent) => CheckName("agent", agent),
    };

    public static Failure? CheckName(string field, string? name) =>
        name is null || (name.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            ? null
            : Failure.Invalid(field, $"'{field}' is not a name.", "Use at most 63 letters, digits, '.', '-' and '_', beginning with a letter or digit.");

    private static Failure? CheckRange(string field, double? value, double from, double to, string unit) =>
        value is null || (value >= from && value <= to)
            ? null
            : Failure.Invalid(field, $"'{field}' is {value}; it must be between {from} and {to} {unit}.", $"Choose a value between {from} and {to}.");

    private static Failure? CheckWorkspace(StartRunRequest request) =>
        request is { Repository: not null, Directory: not null }
            ? Failure.Invalid("directory", "Both a repository and a directory are named.", "Name a repository for a worktree of its own, or a directory to work in as it is.")
            : null;

    private static Failure? CheckMap(string field, Dictionary<string, string>? map, int valueLimit, int count)
    {
        if (map is null)
        {
            return null;
        }

        if (map.Count > count)
        {
            return Failure.Invalid(field, $"'{field}' has {map.Count} entries; at most {count} are allowed.", "Remove some.");
        }

        foreach (var (name, value) in map)
        {
            if (name.Length is 0 or > NameLimit || name.Contains('\0', StringComparison.Ordinal))
            {
                return Failure.Invalid(field, $"'{field}' has a name that is empty, too long or has U+0000.", $"Names have 1 to {NameLimit} characters.");
            }

            if (value is null)
            {
                return Failure.Invalid($"{field}.{name}", $"'{field}.{name}' is null.", "Give it a text, or leave it out.");
            }

            if (CheckText($"{field}.{name}", value, valueLimit) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static Failure? CheckEnvironment(Dictionary<string, string>? environment)
    {
        foreach (var name in environment?.Keys ?? Enumerable.Empty<string>())
        {
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                return Failure.Invalid("environment", $"'{name}' is not a variable name.", "Use letters, digits and '_', not beginning with a digit.");
            }
        }

        return CheckMap("environment", environment, 32 * 1024, 64);
    }

    private static Failure? CheckCommand(List<string>? command)
    {
        if (command is null)
        {
            return null;
        }

        if (command.Count is 0 or > 256)
        {
            return Failure.Invalid("command", $"'command' has {command.Count} parts; 1 to 256 are allowed.", "Name the program and its arguments, each as one text.");
        }

        return command.Select((part, index) => part is null
            ? Failure.Invalid($"command[{index}]", "A part of 'command' is null.", "Give it a text.")
            : CheckText($"command[{index}]", part, 64 * 1024)).FirstOrDefault(failure => failure is not null);
    }
}
