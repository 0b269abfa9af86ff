using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Runs;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>One run, whole.</summary>
internal static class RunDetailsText
{
    private const int ChangedFilesShown = 50;

    public static void Write(IAnsiConsole console, RunInfo run, IReadOnlyList<AttemptInfo> attempts)
    {
        console.Write(Tables.CreateList(
        [
            ("run", run.Id.ToString()),
            ("status", run.Status.ToString()),
            ("reason", run.Reason?.ToString()),
            ("waits for", run.WaitsFor),
            ("deadline", Figures.Moment(run.Deadline)),
            ("workflow", run.Workflow ?? "(ad hoc)"),
            ("agent", run.AgentVersion is null ? run.Agent : $"{run.Agent} {run.AgentVersion}"),
            ("model", run.Model),
            ("progress", Progress(run)),
            ("tool calls", Tools(run)),
            ("tokens in / out", Figures.Tokens(run.Usage)),
            ("cache read / written", run.Usage is { CacheReadTokens: null, CacheCreationTokens: null } ? null : $"{Figures.Count(run.Usage.CacheReadTokens)} / {Figures.Count(run.Usage.CacheCreationTokens)}"),
            ("cost", Figures.Cost(run.Usage.CostUsd)),
            ("numbers", run.UsageIncomplete ? "incomplete: the sums are lower bounds" : null),
            ("denied tool calls", run.PermissionDenials > 0 ? $"{run.PermissionDenials}" : null),
            ("time", Figures.Time(run.WallMs)),
            ("model time", Figures.Time(run.ApiMs)),
            ("attempts", Figures.Count(run.Attempts)),
            ("peak memory", Figures.Size(attempts.Max(attempt => attempt.PeakMemoryBytes))),
            ("cpu time", Cpu(attempts)),
            ("node", run.Node),
            ("queue", run.Queue),
            ("priority", run.Priority is 0 ? null : $"{run.Priority}"),
            ("tenant", run.Tenant),
            ("fairness key", run.FairnessKey == run.Tenant ? null : run.FairnessKey),
            ("locks", Locks(run)),
            ("needs", run.Needs is null ? null : string.Join(", ", run.Needs)),
            ("caller", run.Caller),
            ("labels", string.Join(", ", run.Labels.Select(label => $"{label.Key}={label.Value}"))),
            ("session", run.SessionId.ToString()),
            ("branch", run.Branch),
            ("created", Figures.Moment(run.CreatedAt)),
            ("starts not before", Figures.Moment(run.StartAt)),
            ("started", Figures.Moment(run.StartedAt)),
            ("ended", Figures.Moment(run.EndedAt)),
            ("continued from", run.ContinuedFrom?.ToString()),
            ("can be continued until", run.Status.IsTerminal() ? Figures.Moment(run.ContinueUntil) : null),
            ("messages not delivered yet", run.PendingMessages > 0 ? $"{run.PendingMessages}" : null),
            ("warnings", string.Join("\n", run.Warnings)),
            ("correlation id", run.CorrelationId),
            .. run.Result is { } result ? Result(result) : [],
        ]));
    }

    /// <summary>An older server tells of none.</summary>
    private static string? Locks(RunInfo run) =>
        run.Locks is null ? null : string.Join(", ", run.Locks.Select(item => $"{item.Name} ({item.Mode.ToString().ToLowerInvariant()})"));

    private static (string Name, string? Value)[] Result(RunResult result) =>
    [
        ("workspace", result.Workspace),
        ("commits", result.FirstCommit is null ? null : $"{result.FirstCommit} … {result.LastCommit}"),
        ("exit code", result.ExitCode?.ToString()),
        ("signal", result.Signal?.ToString()),
        ("processes ended after it", string.Join(", ", result.EndedProcesses)),
        ("changed files", string.Join("\n", result.ChangedFiles.Take(ChangedFilesShown).Select(Change))),
        ("more changed files", result.ChangedFiles.Count > ChangedFilesShown ? $"{result.ChangedFiles.Count - ChangedFilesShown}" : null),
        ("result", result.Text),
        ("structured output", result.StructuredOutput),
        ("stderr", result.StderrTail),
    ];

    // Lines are not counted for binary files and outside git.
    private static string Change(ChangedFile file) =>
        file is { Added: null, Removed: null } ? $"{file.Status} {file.Path}" : $"{file.Status} {file.Path} +{Figures.Count(file.Added)} -{Figures.Count(file.Removed)}";

    // Of an attempt whose supervisor was lost nobody knows it.
    private static string? Cpu(IReadOnlyList<AttemptInfo> attempts) => attempts.All(attempt => attempt.CpuMs is null)
        ? null
        : $"{(attempts.Any(attempt => attempt is { StartedAt: not null, CpuMs: null }) ? "at least " : "")}{Figures.Time(attempts.Sum(attempt => attempt.CpuMs))}";

    private static string Progress(RunInfo run)
    {
        var (bar, text) = ProgressBar.Render(ProgressReading.Of(run), 20);
        return $"{bar} {text}";
    }

    private static string Tools(RunInfo run) => run.Tools.Count == 0
        ? Figures.Count(run.ToolCalls)
        : $"{Figures.Count(run.ToolCalls)} ({string.Join(", ", run.Tools.OrderByDescending(tool => tool.Value).Select(tool => $"{tool.Key} {tool.Value}"))})";
}
