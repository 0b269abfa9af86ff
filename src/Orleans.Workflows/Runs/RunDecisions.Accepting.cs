using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Runs;

/// <summary>What to do about what happens to a run: pure functions of its durable state, the event and the time.</summary>
internal static partial class RunDecisions
{
    /// <summary>Accepts a run: it exists, waits in its queue or for its start, and the caller's key is claimed.</summary>
    public static RunDecision Accept(RunId id, RunOrder order, RunOptions options, DateTimeOffset now)
    {
        var start = order.StartAt > now ? order.StartAt : null;
        var details = new RunDetails { StartAt = start };
        var row = new RunRow
        {
            Id = id,
            Version = 1,
            Workflow = order.Workflow,
            DefinitionHash = order.DefinitionHash,
            Agent = order.Agent,
            Queue = order.Queue,
            Caller = order.Caller,
            CorrelationId = order.CorrelationId,
            TraceParent = order.TraceParent,
            Spec = order.Spec,
            SessionId = order.SessionId,
            ContinuedFrom = order.ContinuedFrom,
            CreatedAt = now,
            MaxTurns = order.MaxTurns,
            Labels = order.Labels,
            Demand = order.Demand,
            Branch = order.Branch,
            Status = start is null ? RunStatus.Queued : RunStatus.Scheduled,
            WaitsFor = start is null ? WaitsForSlot(order.Queue, order.Node, options) : WaitsForStart(start.Value),
            Node = order.Node,
            QueuedAt = start is null ? now : null,
            NextDeadline = start ?? now + order.QueueTimeout,
            Details = start is null ? null : details.ToJson(),
        };
        var history = new RunHistory().Add(
            "accepted",
            ("workflow", order.Workflow),
            ("agent", order.Agent),
            ("queue", order.Queue),
            ("caller", order.Caller),
            ("definition", order.DefinitionHash),
            ("continuedFrom", order.ContinuedFrom?.ToString()),
            ("startAt", start?.ToString("O"))).ToRow(row, null, now)!;
        row = row with { LastEventSeq = history.LastSeq };
        var append = new LedgerAppend
        {
            Run = row,
            Events = history,
            Idempotency = order.IdempotencyKey is null ? null : new(order.Caller, order.IdempotencyKey, order.RequestHash ?? [], id, now + (order.KeepKey ?? options.KeepKeys)),
            Audit = [new(id, now, order.Caller, "start", null, order.CorrelationId)],
        };
        return new()
        {
            Next = new() { Row = row, Spec = RunSpec.FromJson(order.Spec), Details = details },
            Append = append,
            Effects = start is null ? [OfferOf(row)] : [],
        };
    }

    /// <summary>Turns a grant into an attempt, unless the run wants none.</summary>
    public static RunDecision Claim(RunState state, Grant grant, string node, string bootId, RunOptions options, DateTimeOffset now)
    {
        if (state.Row.Status != RunStatus.Queued)
        {
            return RunDecision.Nothing(state);
        }

        var (number, left) = (state.Row.Epoch + 1, state.Row.Node);
        var attempt = new AttemptRow { Run = state.Row.Id, Number = number, Node = node, Queue = state.Row.Queue, ClaimedAt = now, BootId = bootId };
        var row = state.Row with
        {
            Status = RunStatus.Starting,
            Reason = null,
            WaitsFor = null,
            Epoch = number,
            OpenAttempt = number,
            Node = node,
            Phase = null,
            NextDeadline = now + options.StartTimeout,
        };
        // What an earlier attempt or run left on its node is there only.
        var isAway = (number > 1 || state.Row.ContinuedFrom is not null) && node != state.Row.Node && !options.SharedStorage;
        if (isAway)
        {
            state = state with { Details = state.Details with { Away = true, Resumable = false, Session = null } };
        }

        var locks = Demand.FromJson(row.Demand).Locks ?? [];
        var details = state.Details with
        {
            Baseline = number == 1 && !isAway ? state.Spec.Baseline : state.Details.Session,
            Earlier = EarlierCounts.Of(state),
            SessionId = (number == 1 && !isAway) || Resumes(state) ? state.Details.SessionId : Guid.NewGuid(),
            Unanswered = null,
            LockToken = locks.Count > 0 ? grant.Token : null,
        };
        if (details != state.Details)
        {
            state = state with { Details = details };
            row = row with { Details = details.ToJson() };
        }

        var history = new RunHistory().Add("starting", ("node", node),
            ("session", number == 1 && !isAway ? null : Resumes(state) ? "resumed" : "new"),
            ("text", isAway && left is not null ? $"Node {left}, which holds its session and workspace, is lost: it begins anew." : null));
        var step = Step(state with { Attempt = attempt, InputClosed = false }, row, history, now, attempt);
        return step with
        {
            Append = step.Append! with
            {
                NewAttempt = true,
                AdmissionEpoch = grant.Epoch,
                Locks = [.. locks.Select(item => new LockRow(item.Name, row.Id, number, item.Mode.ToString(), grant.Token, now))],
            },
        };
    }

    /// <summary>What the node needs to launch the open attempt.</summary>
    public static LaunchOrder OrderOf(RunState state) => new()
    {
        Run = state.Row.Id,
        Attempt = state.Attempt!.Number,
        Agent = state.Row.Agent,
        Workflow = state.Row.Workflow,
        DefinitionHash = state.Row.DefinitionHash,
        Spec = state.Row.Spec,
        SessionId = state.Details.SessionId ?? state.Spec.Session ?? state.Row.SessionId,
        Resume = Resumes(state),
        TraceParent = state.Row.TraceParent,
        CorrelationId = state.Row.CorrelationId,
        Baseline = state.Details.Baseline,
        SessionRun = state.Spec.SessionRun ?? state.Row.Id,
        Preface = PrefaceOf(state),
        Away = state.Details.Away,
        Locks = state.Details.LockToken is { } token ? new(token, (Demand.FromJson(state.Row.Demand).Locks ?? []).Select(item => item.Name).ToArray()) : null,
    };

    private static bool Resumes(RunState state) =>
        (state.Spec.Resume && !state.Details.Away) || (state.Details.Resumable && (state.Spec.Retry.Mode == RetryMode.Resume || IsAfterPause(state.Details)));

    /// <summary>Who asked for a clean start is told only of what it can't wipe out: calls that may have had an effect elsewhere.</summary>
    private static string? PrefaceOf(RunState state)
    {
        var before = state.Details.Before is { } attempt && (state.Spec.Retry.Mode == RetryMode.Resume || IsAfterPause(state.Details) || attempt.Unanswered is { Count: > 0 })
            ? Preface.OfAttempt(attempt, Resumes(state))
            : null;
        string?[] parts = [state.Spec.Preface, state.Details.Away && state.Spec.ContinuedFrom is not null ? Preface.OfAway : null, before];
        return parts.Any(part => part is not null) ? string.Join("\n\n", parts.Where(part => part is not null)) : null;
    }

    private static RunEffect.OfferRun OfferOf(RunRow queued) => new(new(queued.Id, queued.Queue, queued.QueuedAt!.Value) { DueAt = queued.NextDeadline, Node = queued.Node, Demand = queued.Demand });

    private static string WaitsForStart(DateTimeOffset start) => $"its start, scheduled for {start:yyyy-MM-ddTHH:mm:ssZ}";

    private static string WaitsForSlot(string queue, string? node, RunOptions options) =>
        node is null || options.SharedStorage ? $"a slot in queue '{queue}'" : $"a slot in queue '{queue}' on node {node}, which holds its session and workspace";

    /// <summary>One durable step: the next version of the run with what goes with it.</summary>
    private static RunDecision Step(RunState state, RunRow row, RunHistory history, DateTimeOffset now, AttemptRow? attempt = null, params RunEffect[] effects)
    {
        var events = history.ToRow(row, attempt?.Number, now);
        row = row with { Version = row.Version + 1, LastEventSeq = events?.LastSeq ?? row.LastEventSeq };
        return new()
        {
            Next = state with { Row = row, Attempt = attempt is { EndedAt: null } ? attempt : attempt is null ? state.Attempt : null },
            Append = new() { Run = row, Attempt = attempt, Events = events },
            Effects = row.Status.IsTerminal() && state.Details.LockToken is not null ? [.. effects, new RunEffect.Unlock()] : effects,
        };
    }
}
