using Orleans.Workflows.Execution;

namespace Orleans.Workflows.Runs;

internal static partial class RunDecisions
{
    /// <summary>A process of the node follows the attempt anew: whatever was asked of it meanwhile is asked again. Each request carries its id, so none is done twice.</summary>
    public static RunDecision Followed(RunState state, int attempt) => state.Attempt is { } open && open.Number == attempt
        ? RunDecision.Nothing(state, [.. IsEnding(state.Row) ? new RunEffect[] { StopFor(state.Row, open) } : [], .. Deliveries(state)])
        : RunDecision.Nothing(state);

    /// <summary>Read back after a crash: messages may not have been handed over.</summary>
    public static RunDecision Recalled(RunState state) =>
        RunDecision.Nothing(state, state.Row.Status == RunStatus.Running ? [.. Deliveries(state)] : []);

    /// <summary>The attempt gives no sign of life, or does again: everybody sees it while it is looked into.</summary>
    public static RunDecision Suspect(RunState state, int attempt, string? text, DateTimeOffset now)
    {
        if (state.Attempt is not { Leaked: false } open || open.Number != attempt || state.Row.Status != RunStatus.Running || IsEnding(state.Row) || state.Row.WaitsFor == text)
        {
            return RunDecision.Nothing(state);
        }

        var history = text is null ? new RunHistory().Add("recovered") : new RunHistory().Add("suspect", ("text", text));
        return Step(state, state.Row with { WaitsFor = text }, history, now);
    }

    /// <summary>The attempt's tree can't be proven gone: it stays open, its slot charged, and everybody sees why.</summary>
    public static RunDecision Leaked(RunState state, int attempt, string text, DateTimeOffset now)
    {
        if (state.Attempt is not { Leaked: false } open || open.Number != attempt)
        {
            return RunDecision.Nothing(state);
        }

        var row = state.Row with { WaitsFor = $"processes of attempt {attempt} that can't be ended: {text}" };
        return Step(state, row, new RunHistory().Add("leaked", ("text", text)), now, open with { Leaked = true });
    }

    /// <summary>What a run that is told to end waits for: an order ends no processes that can't be ended, so it hides none.</summary>
    private static string? ProcessesOf(RunState state) => state.Attempt is { Leaked: true } ? state.Row.WaitsFor : null;

    /// <summary>
    /// The attempt's node is gone, and by its supervisor's lease the attempt with it, unless its processes live on in spite of
    /// their supervisor: that one stays until an operator releases it. The next one goes on in the session only
    /// where sessions and workspaces are on storage that the nodes share; else it begins anew, and says so.
    /// </summary>
    public static RunDecision NodeLost(RunState state, int attempt, TimeSpan window, RunOptions options, DateTimeOffset now) =>
        NodeLost(state, attempt, $"has not been heard of for {window}", options, now);

    /// <summary>As <see cref="NodeLost(RunState, int, TimeSpan, RunOptions, DateTimeOffset)"/>, but an operator answers for it that nothing of the attempt lives.</summary>
    public static RunDecision NodeDeclaredLost(RunState state, int attempt, RunCommand declaration, RunOptions options, DateTimeOffset now)
    {
        var lost = NodeLost(state, attempt, $"was declared lost by {declaration.Caller} ({declaration.Text})", options, now);
        return lost.Append is null ? lost : lost with
        {
            Append = lost.Append with { Audit = [new(state.Row.Id, now, declaration.Caller, ReasonCodes.NodeLost, declaration.Text, declaration.CorrelationId)] },
        };
    }

    private static RunDecision NodeLost(RunState state, int attempt, string evidence, RunOptions options, DateTimeOffset now)
    {
        if (state.Attempt is not { Leaked: false } open || open.Number != attempt)
        {
            return RunDecision.Nothing(state);
        }

        var next = options.SharedStorage ? "goes on in its session, on the storage that the nodes share" : "begins anew, for its session and workspace were on that node";
        var text = $"Node {open.Node} {evidence}; the next attempt {next}.";
        return Ended(state, new AttemptEnd
        {
            Attempt = attempt,
            OutputIncomplete = true,
            Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.NodeLost, text), Retryable = true, Resumable = options.SharedStorage },
        }, options, now);
    }

    /// <summary>An operator answers for a leaked attempt: it ends without the proof, and its slot is free.</summary>
    public static RunDecision Release(RunState state, RunCommand command, RunOptions options, DateTimeOffset now)
    {
        if (state.Attempt is not { Leaked: true } open)
        {
            return RunDecision.Refuse(state, Failures.Failure.Conflict("not_leaked", "The run has no attempt whose processes could not be ended.", "Cancel or terminate it."));
        }

        var text = Sentence($"The processes of attempt {open.Number} could not be ended; it was released", command);
        var ended = Ended(state, new AttemptEnd { Attempt = open.Number, Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.Leaked, text) }, OutputIncomplete = true }, options, now);
        return ended.Append is null ? ended : Record(ended, state.Row, command, Stored(state.Row, command, CommandKinds.Release, now) with { HandledAt = now, Outcome = "released" }, now);
    }

    /// <summary>An operator takes the run's locks from it: others may have them at once. What runs goes on; its next attempt waits for them anew.</summary>
    public static RunDecision ReleaseLocks(RunState state, RunCommand command, DateTimeOffset now)
    {
        if (state.Row.Status.IsTerminal() || state.Details.LockToken is null)
        {
            return RunDecision.Refuse(state, Failures.Failure.Conflict("no_locks", "The run holds no locks.", "List the locks to see who holds them."));
        }

        var details = state.Details with { LockToken = null };
        var history = new RunHistory().Add("locks_released", ("caller", command.Caller), ("text", command.Text));
        var step = Step(state with { Details = details }, state.Row with { Details = details.ToJson() }, history, now, null, new RunEffect.Unlock());
        step = Record(step, state.Row, command, Stored(state.Row, command, CommandKinds.ReleaseLocks, now) with { HandledAt = now, Outcome = "released" }, now);
        return step with { Append = step.Append! with { ReleasesLocks = true } };
    }
}
