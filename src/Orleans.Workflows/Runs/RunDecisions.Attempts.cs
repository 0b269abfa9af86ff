using Orleans.Workflows.Admission.Spending;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Runs;

internal static partial class RunDecisions
{
    /// <summary>The attempt's process runs: the run's time limit counts from the first such moment.</summary>
    public static RunDecision Started(RunState state, AttemptStart start, DateTimeOffset now)
    {
        var history = new RunHistory();
        return Begin(ref state, start, history) is { } effects
            ? Step(state, state.Row, history, now, state.Attempt, effects)
            : RunDecision.Nothing(state);
    }

    /// <summary>The state with the start in it, and what follows from it; null when it is known already, or stale.</summary>
    private static RunEffect[]? Begin(ref RunState state, AttemptStart? start, RunHistory history)
    {
        if (start is null || state.Attempt is not { } open || open.Number != start.Attempt || open.StartedAt is not null)
        {
            return null;
        }

        // Clocks of two machines: a process never starts before its claim.
        var at = start.At > open.ClaimedAt ? start.At : open.ClaimedAt;
        var attempt = open with
        {
            StartedAt = at,
            Pid = start.Pid,
            PidStartTicks = start.PidStartTicks,
            BootId = start.BootId,
            AgentVersion = start.AgentVersion,
            Details = start.Details,
        };
        var details = state.Details with
        {
            AgentVersion = start.AgentVersion ?? state.Details.AgentVersion,
            Workspace = start.Workspace ?? state.Details.Workspace,
            Warnings = start.Warning is null || state.Details.Warnings?.Contains(start.Warning) == true ? state.Details.Warnings : [.. state.Details.Warnings ?? [], start.Warning],
        };
        var startedAt = state.Row.StartedAt ?? at;
        var (canceling, ending) = (state.Row.Status == RunStatus.Canceling, IsEnding(state.Row));
        var row = state.Row with
        {
            Status = canceling ? RunStatus.Canceling : RunStatus.Running,
            StartedAt = startedAt,
            LastActivityAt = at,
            Phase = PhaseName(AgentPhase.Spawned),
            Branch = start.Branch ?? state.Row.Branch,
            NextDeadline = ending ? state.Row.NextDeadline : RunningDeadline(state.Row with { StartedAt = startedAt }, state, at),
            Details = details.ToJson(),
        };
        history.Add("started", ("pid", start.Pid.ToString()), ("version", start.AgentVersion), ("workspace", start.Workspace), ("warning", start.Warning));
        var effects = new List<RunEffect>();
        if (ending)
        {
            effects.Add(StopFor(state.Row, attempt));
        }

        effects.AddRange(Deliveries(state));
        state = state with { Row = row, Attempt = attempt, Details = details };
        return [.. effects];
    }

    /// <summary>Takes output that begins where the ledger stands; anything else changes nothing.</summary>
    public static RunDecision Output(RunState state, AttemptOutput output, DateTimeOffset now)
    {
        if (!Continues(state, output))
        {
            return RunDecision.Nothing(state);
        }

        var history = new RunHistory();
        var effects = Begin(ref state, output.Start, history) ?? [];
        var (next, attempt, row) = Fold(state, output, now);
        if (attempt.Turns > 0 && state.Attempt!.Turns is null or 0)
        {
            effects = [.. effects, new RunEffect.Find(new(row.Id, attempt.Number), IsEarly: true)];
        }

        if (attempt.Usage != state.Attempt!.Usage)
        {
            effects = [.. effects, new RunEffect.Spend(UsageAmounts.Of(row, attempt, hasEnded: false))];
        }

        if (output.Progress.Phase == AgentPhase.Result)
        {
            // It waits for what it was not given: a message that was lost on the way.
            effects = [.. effects, .. Deliveries(state)];
        }

        var step = Step(next, row, history.AddRaw(output.Events, output.EventCount), now, attempt, effects);
        return step with { Append = WithOutput(step.Append!, output, now), Next = step.Next with { InputClosed = state.InputClosed || MayCloseInput(state, output.Progress) } };
    }

    public static OutputReply Reply(RunState state, int attempt) => new()
    {
        Stale = state.Attempt?.Number != attempt,
        StdoutOffset = state.Attempt?.StdoutOffset ?? 0,
        StderrOffset = state.Attempt?.StderrOffset ?? 0,
        CloseInput = state.InputClosed,
    };

    private static bool IsTaken(AttemptRow attempt, AttemptOutput output) =>
        attempt.StdoutOffset == output.StdoutTo && attempt.StderrOffset == output.StderrTo;

    private static bool Continues(RunState state, AttemptOutput output) =>
        state.Attempt is { } open && open.Number == output.Attempt
        && open.StdoutOffset == output.StdoutFrom && open.StderrOffset == output.StderrFrom
        && output.StdoutTo >= output.StdoutFrom && output.StderrTo >= output.StderrFrom;

    private static (RunState State, AttemptRow Attempt, RunRow Row) Fold(RunState state, AttemptOutput output, DateTimeOffset now)
    {
        var progress = output.Progress;
        var attempt = state.Attempt! with
        {
            StdoutOffset = output.StdoutTo,
            StderrOffset = output.StderrTo,
            ParserSnapshot = output.Snapshot,
            Turns = progress.Turns,
            AgentTurns = progress.AgentTurns,
            ToolCalls = progress.ToolCalls,
            Usage = progress.Usage,
            AgentVersion = progress.AgentVersion ?? state.Attempt.AgentVersion,
        };
        var sums = state.Ended.Add(attempt);
        var details = state.Details with
        {
            Tools = EarlierCounts.AddTools(state.Details.Earlier, progress) ?? state.Details.Tools,
            Models = EarlierCounts.AddModels(state.Details.Earlier, progress) ?? state.Details.Models,
            Unanswered = progress.Unanswered.Count == 0 ? null : progress.Unanswered,
            Model = progress.Model ?? state.Details.Model,
            AgentVersion = progress.AgentVersion ?? state.Details.AgentVersion,
            Session = progress.SessionModels is null ? state.Details.Session : new() { Models = new Dictionary<string, TokenUsage>(progress.SessionModels), CostUsd = progress.SessionCostUsd ?? 0, ApiMs = progress.SessionApiMs ?? 0 },
        };
        var row = state.Row with
        {
            Phase = PhaseName(progress.Phase),
            Turns = sums.Turns,
            AgentTurns = sums.AgentTurns,
            ToolCalls = sums.ToolCalls,
            Usage = sums.Usage,
            UsageIncomplete = state.Row.UsageIncomplete || output.UsageLost,
            PermissionDenials = (state.Details.Earlier?.PermissionDenials ?? 0) + progress.PermissionDenials,
            ApiMs = progress.ApiMs is { } waited ? (state.Details.Earlier?.ApiMs ?? 0) + waited : state.Row.ApiMs,
            LastActivityAt = now,
            Details = details.ToJson(),
        };
        return (state with { Attempt = attempt, Details = details }, attempt, row);
    }

    private static Ledger.Appending.LedgerAppend WithOutput(Ledger.Appending.LedgerAppend append, AttemptOutput output, DateTimeOffset now)
    {
        var run = append.Run.Id;
        var chunks = new List<TranscriptChunk>(2);
        if (output.Stdout.Length > 0)
        {
            chunks.Add(new(run, output.Attempt, OutputStream.Stdout, output.StdoutFrom, output.Stdout));
        }

        if (output.Stderr.Length > 0)
        {
            chunks.Add(new(run, output.Attempt, OutputStream.Stderr, output.StderrFrom, output.Stderr));
        }

        return append with
        {
            Transcript = chunks,
            Usage = [.. output.Usage.Select(entry => new UsageRow(run, output.Attempt, entry.MessageId, entry.Model, entry.ParentToolUseId, now, entry.Usage))],
        };
    }

    private static bool MayCloseInput(RunState state, AgentProgress progress) =>
        progress is { Phase: AgentPhase.Result, BackgroundTasks: 0 } && !state.Inbox.Any(command => command.Kind == CommandKinds.Message);

    private static IEnumerable<RunEffect> Deliveries(RunState state) => state.Attempt is not { } open || IsPastAttemptLimit(state.Row) || IsInterruptedToPause(state.Row)
        ? []
        : state.Inbox.Where(command => command.Kind == CommandKinds.Message).Select(message => new RunEffect.Deliver(open.Node, open.Number, message));

    private static DateTimeOffset? RunDeadline(RunState state) => RunDeadline(state.Row, state);

    /// <summary>The run's time limit; before its first start, the deadline it waits in its queue with, from when it was due. Neither runs on while it is paused.</summary>
    private static DateTimeOffset? RunDeadline(RunRow row, RunState state) =>
        (row.StartedAt is { } started ? started + state.Spec.Timeout : (state.Details.StartAt ?? row.CreatedAt) + state.Spec.QueueTimeout) + state.Details.PausedFor;

    private static string PhaseName(AgentPhase phase) => phase switch
    {
        AgentPhase.Spawned => "spawned",
        AgentPhase.Model => "model",
        AgentPhase.Retrying => "retrying",
        AgentPhase.Tool => "tool",
        AgentPhase.Person => "person",
        _ => "result",
    };

    private static string? Cut(string? text, int limit) => text is null || text.Length <= limit ? text : text[..limit];
}
