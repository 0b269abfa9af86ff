using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

internal static partial class RunDecisions
{
    /// <summary>Keeps a message for the agent; hands it over if a process can take it.</summary>
    public static RunDecision Message(RunState state, RunCommand command, bool agentTakesMessages, DateTimeOffset now)
    {
        if (state.Inbox.Any(known => known.Id == command.Id))
        {
            return RunDecision.Nothing(state);
        }

        if (state.Row.Status.IsTerminal())
        {
            return RunDecision.Refuse(state, Failure.Conflict("run_ended", $"The run has ended ({state.Row.Status}).", "Continue it: a continuation takes the message into the same session."));
        }

        if (!agentTakesMessages)
        {
            return RunDecision.Refuse(state, Failure.Conflict("no_messages", $"Agent '{state.Row.Agent}' takes no messages while it runs.", "Wait for its end and continue the run."));
        }

        if (state.InputClosed || state.Row.Status == RunStatus.Canceling)
        {
            return RunDecision.Refuse(state, Failure.Conflict("run_ending", "The run is ending and takes no more messages.", "Wait for its end and continue the run."));
        }

        var row = Stored(state.Row, command, CommandKinds.Message, now);
        var effects = state.Row.Status == RunStatus.Running && !IsEnding(state.Row) && state.Attempt is { } open
            ? new RunEffect[] { new RunEffect.Deliver(open.Node, open.Number, row) }
            : [];
        var step = Step(state with { Inbox = state.Inbox.Add(row) }, state.Row, new RunHistory().Add("message_received", ("id", command.Id.ToString()), ("caller", command.Caller)), now, null, effects);
        return Record(step, state.Row, command, row, now);
    }

    /// <summary>The supervisor took the message: it is not handed over again.</summary>
    public static RunDecision Delivered(RunState state, int attempt, Guid commandId, DateTimeOffset now)
    {
        var message = state.Inbox.FirstOrDefault(known => known.Id == commandId);
        if (message is null || state.Row.Status.IsTerminal())
        {
            return RunDecision.Nothing(state);
        }

        var step = Step(state with { Inbox = state.Inbox.Remove(message) }, state.Row, new RunHistory().Add("message_delivered", ("id", commandId.ToString())), now);
        return step with { Append = step.Append! with { Commands = [message with { HandledAt = now, Outcome = $"delivered to attempt {attempt}" }] } };
    }

    /// <summary>Polite: an agent gets its interrupt and a grace. A run without a process ends at once.</summary>
    public static RunDecision Cancel(RunState state, RunCommand command, RunOptions options, DateTimeOffset now) =>
        Stop(state, command, CommandKinds.Cancel, RunStatus.Canceled, new(ReasonCodes.Canceled, Sentence("Canceled", command)), now + options.CancelGrace, options, now);

    /// <summary>Not polite: the process tree is killed.</summary>
    public static RunDecision Terminate(RunState state, RunCommand command, RunOptions options, DateTimeOffset now) =>
        Stop(state, command, CommandKinds.Terminate, RunStatus.Terminated, new(ReasonCodes.Terminated, Sentence("Terminated", command)), now + options.KillGrace, options, now);

    private static RunDecision Stop(RunState state, RunCommand command, string kind, RunStatus terminal, Reason reason, DateTimeOffset deadline, RunOptions options, DateTimeOffset now)
    {
        var row = state.Row;
        if (row.Status == terminal || state.Inbox.Any(known => known.Id == command.Id))
        {
            return RunDecision.Nothing(state);
        }

        if (row.Status.IsTerminal())
        {
            return RunDecision.Refuse(state, Failure.Conflict("run_ended", $"The run has already ended ({row.Status}).", "Nothing needs to be stopped."));
        }

        // A second cancel changes nothing; a terminate over a cancel does, and so does one over a time-out.
        if (row.Status == RunStatus.Canceling && (kind == CommandKinds.Cancel || row.Reason?.Code == ReasonCodes.Terminated))
        {
            return RunDecision.Nothing(state, StopFor(row, state.Attempt!));
        }

        var stored = Stored(row, command, kind, now);
        var history = new RunHistory().Add(kind + "_requested", ("caller", command.Caller), ("text", command.Text));
        if (state.Attempt is { } open)
        {
            var canceling = row with { Status = RunStatus.Canceling, Reason = reason, WaitsFor = ProcessesOf(state), NextDeadline = deadline };
            var step = Step(state with { Inbox = state.Inbox.Add(stored) }, canceling, history, now, null, StopFor(canceling, open));
            return Record(step, row, command, stored, now);
        }

        history.Add("ended", ("status", terminal.ToString()), ("reason", reason.Code), ("text", reason.Text));
        var ended = Step(state with { Inbox = [] }, Terminal(row, terminal, reason, options, now), history, now, null, new RunEffect.Withdraw());
        ended = Record(ended, row, command, stored with { HandledAt = now, Outcome = "ended" }, now);
        return ended with { Append = ended.Append! with { Commands = [.. ended.Append.Commands, .. Settle(state, terminal, now)] } };
    }

    private static CommandRow Stored(RunRow row, RunCommand command, string kind, DateTimeOffset now) =>
        new() { Run = row.Id, Id = command.Id, Kind = kind, Caller = command.Caller, At = now, Text = command.Text };

    private static RunDecision Record(RunDecision step, RunRow row, RunCommand command, CommandRow stored, DateTimeOffset now) => step with
    {
        Append = step.Append! with
        {
            Commands = [stored, .. step.Append!.Commands],
            Audit = [new(row.Id, now, command.Caller, stored.Kind, stored.Kind == CommandKinds.Message ? null : command.Text, command.CorrelationId)],
        },
    };

    /// <summary>What becomes of the commands that a run's end finds waiting.</summary>
    private static CommandRow[] Settle(RunState state, RunStatus status, DateTimeOffset now) =>
        [.. state.Inbox.Select(command => command with { HandledAt = now, Outcome = command.Kind == CommandKinds.Message ? "undelivered: the run ended" : status.ToString() })];

    private static RunRow Terminal(RunRow row, RunStatus status, Reason reason, RunOptions options, DateTimeOffset now) => row with
    {
        Status = status,
        Reason = reason,
        WaitsFor = null,
        NextDeadline = null,
        OpenAttempt = null,
        Phase = null,
        EndedAt = now,
        ContinueUntil = now + options.ContinueWindow,
    };

    private static RunEffect.StopAttempt StopFor(RunRow row, AttemptRow attempt) =>
        new(attempt.Node, attempt.Number, new Guid(row.Epoch, (short)row.Version, 0, row.Id.Value.ToByteArray()[..8]), row.Reason?.Code == ReasonCodes.Terminated);

    private static string Sentence(string verb, RunCommand command) =>
        string.IsNullOrWhiteSpace(command.Text) ? $"{verb} by {command.Caller}." : $"{verb} by {command.Caller}: {command.Text}";
}
