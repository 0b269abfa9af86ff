using System.CommandLine;
using System.Text.Json;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>The options of <c>start</c>, and the request that they make.</summary>
internal sealed class StartOptions
{
    private readonly Argument<string[]> _words = new("WORKFLOW") { Arity = ArgumentArity.ZeroOrMore, Description = "The workflow's name; for --agent command, '-- PROGRAM ARGUMENT…'" };
    private readonly Option<string?> _agent = new("--agent") { HelpName = "AGENT", Description = "Without a workflow: claude, command or scripted" };
    private readonly Option<string?> _prompt = new("--prompt", "-p") { HelpName = "TEXT|-", Description = "What to do; '-' reads stdin" };
    private readonly Option<string?> _input = new("--input") { HelpName = "JSON|@FILE", Description = "The workflow's input, an object" };
    private readonly Option<int?> _maxTurns = Arguments.MaxTurns();
    private readonly Option<TimeSpan?> _timeout = Arguments.Duration("--timeout", "Time from its first start");
    private readonly Option<TimeSpan?> _attemptTimeout = Arguments.Duration("--attempt-timeout", "Time that one attempt may run");
    private readonly Option<long?> _memoryLimit = Arguments.MemoryLimit();
    private readonly Option<TimeSpan?> _queueTimeout = Arguments.Duration("--queue-timeout", "Time that it may wait for a slot");
    private readonly Option<string?> _model = new("--model") { HelpName = "MODEL", Description = "The model" };
    private readonly Option<decimal?> _budget = Arguments.Budget();
    private readonly Option<string?> _repository = new("--repository") { HelpName = "DIR", Description = "A git repository: work in a new worktree of it" };
    private readonly Option<string?> _branch = new("--branch") { HelpName = "NAME", Description = "The new branch" };
    private readonly Option<string?> _baseBranch = new("--base-branch") { HelpName = "NAME", Description = "What the new branch starts from" };
    private readonly Option<string?> _directory = new("--directory") { HelpName = "DIR", Description = "An existing directory to work in" };
    private readonly Option<string?> _queue = new("--queue") { HelpName = "NAME", Description = "The queue" };
    private readonly Option<int?> _priority = new("--priority") { HelpName = "1-5", Description = "1 is the first; who waits rises" };
    private readonly Option<string?> _tenant = new("--tenant") { HelpName = "NAME", Description = "For whom it is: limits may count by it" };
    private readonly Option<string?> _fairnessKey = new("--fairness-key") { HelpName = "KEY", Description = "Runs with different keys take turns; default: the tenant" };
    private readonly Option<Dictionary<string, LockMode>?> _locks = Arguments.Locks();
    private readonly Option<List<string>?> _needs = Arguments.Needs();
    private readonly Option<Dictionary<string, string>?> _labels = Arguments.Pairs("--label", "A label");
    private readonly Option<Dictionary<string, string>?> _environment = Arguments.Pairs("--env", "A plain value for the agent's environment, no secret");
    private readonly Option<Dictionary<string, string>?> _options = Arguments.Pairs("--option", "An option of the agent");

    public void AddTo(Command command)
    {
        command.Add(_words);
        foreach (var option in (ReadOnlySpan<Option>)[_agent, _prompt, _input, _maxTurns, _timeout, _attemptTimeout, _memoryLimit, _queueTimeout, _model, _budget, _repository, _branch, _baseBranch, _directory, _queue, _priority, _tenant, _fairnessKey, _locks, _needs, _labels, _environment, _options])
        {
            command.Add(option);
        }
    }

    public StartRunRequest Read(CommandContext context)
    {
        var (workflow, program) = Words(context);
        return new StartRunRequest
        {
            Workflow = workflow,
            Agent = context.Get(_agent),
            Message = context.Get(_prompt) is { } prompt ? Arguments.ReadText(prompt, context.Terminal) : null,
            Input = context.Get(_input) is { } input ? ReadInput(input) : null,
            MaxTurns = context.Get(_maxTurns),
            TimeoutSeconds = context.Get(_timeout)?.TotalSeconds,
            AttemptTimeoutSeconds = context.Get(_attemptTimeout)?.TotalSeconds,
            MemoryLimitBytes = context.Get(_memoryLimit),
            QueueTimeoutSeconds = context.Get(_queueTimeout)?.TotalSeconds,
            Model = context.Get(_model),
            BudgetUsd = context.Get(_budget),
            Environment = context.Get(_environment),
            Repository = FullPath(context.Get(_repository), "--repository"),
            Branch = context.Get(_branch),
            BaseBranch = context.Get(_baseBranch),
            Directory = FullPath(context.Get(_directory), "--directory"),
            Queue = context.Get(_queue),
            Priority = context.Get(_priority),
            Tenant = context.Get(_tenant),
            FairnessKey = context.Get(_fairnessKey),
            Locks = context.Get(_locks),
            Needs = context.Get(_needs) is { Count: > 0 } needs ? needs : null,
            Labels = context.Get(_labels),
            Options = context.Get(_options),
            Command = program,
        };
    }

    /// <summary>What stands behind <c>--</c> is the program of an ad-hoc <c>command</c> run.</summary>
    private (string? Workflow, List<string>? Program) Words(CommandContext context)
    {
        var words = context.Get(_words) ?? [];
        var program = context.AfterDoubleDash();
        return words[..^program.Count] switch
        {
            [] => (null, program.Count == 0 ? null : program),
            [var workflow] => (workflow, program.Count == 0 ? null : program),
            var more => throw new UsageException($"'{more[1]}' is one name too many.", "Name one workflow; put a text behind --prompt and a program behind '--'."),
        };
    }

    // A path is the server's; one that the caller wrote relative to where it stands means here.
    private static string? FullPath(string? path, string option) =>
        path is null ? null
        : path.Length > 0 ? Path.GetFullPath(path)
        : throw new UsageException($"{option} is empty.", $"Name a directory: {option} /srv/shop.");

    private static JsonElement ReadInput(string input)
    {
        try
        {
            if (input == "@")
            {
                throw new UsageException("--input names no file.", "Name one behind the '@': --input @file.json.");
            }

            var text = input.StartsWith('@') ? File.ReadAllText(input[1..]) : input;
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new UsageException($"--input is no JSON: {e.Message}", "Write it like --input '{\"task\": \"…\"}', or name a file: --input @file.json.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--input can't be read: {e.Message}", "Name a file that can be read: --input @file.json.");
        }
    }
}
