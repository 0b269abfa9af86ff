using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Runs that a person has stand still.</summary>
public sealed class PauseDecisionsTests
{
    [Fact]
    public void One_that_waits_for_a_slot_stands_still_at_once_and_time_does_not_end_it()
    {
        var run = Accepted(queueTimeout: TimeSpan.FromMinutes(5));
        var paused = run.Take(Pause(run, Start.AddMinutes(1)));
        Assert.Equal((RunStatus.Paused, ReasonCodes.Paused, "Paused by me: why"), (run.Status, run.State.Row.Reason!.Code, run.State.Row.Reason.Text));
        Assert.Equal([new RunEffect.Withdraw()], paused.Effects);
        var command = Assert.Single(paused.Append!.Commands);
        Assert.Equal((CommandKinds.Pause, "paused", Start.AddMinutes(1)), (command.Kind, command.Outcome, command.HandledAt));
        Assert.Equal("pause", Assert.Single(paused.Append.Audit).Action);
        Assert.Null(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Start).Append);
        Assert.Null(RunDecisions.Wake(run.State, Options, Start.AddDays(3)).Append);
        Assert.Null(Pause(run, Start).Append);

        run.Take(RunDecisions.Resume(run.State, Command(), Options, Start.AddDays(3)));
        Assert.Equal((RunStatus.Queued, Start.AddDays(3).AddMinutes(4)), (run.Status, run.State.Row.NextDeadline));
    }

    [Fact]
    public void One_that_waits_for_its_next_attempt_goes_on_at_once_when_it_is_resumed_and_its_tries_count_on()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal(RunStatus.Waiting, run.Status);
        run.Take(Pause(run, Start));
        run.Take(RunDecisions.Resume(run.State, Command(), Options, Start));
        Assert.Equal(RunStatus.Queued, run.Status);
        run.Again();
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal(RunStatus.Failed, run.Status);
    }

    [Theory]
    [InlineData(RetryMode.Resume)]
    [InlineData(RetryMode.Restart)]
    public void An_agent_between_two_tool_calls_is_interrupted_and_goes_on_in_its_session_without_a_try(RetryMode mode)
    {
        var run = Running(attempts: 1, mode: mode);
        run.Take(RunDecisions.Output(run.State, Output(1, 0, 10, turns: 1), Start));
        var asked = run.Take(Pause(run, Start.AddMinutes(1)));
        Assert.Equal((RunStatus.Running, ReasonCodes.Paused), (run.Status, run.State.Row.Reason!.Code));
        Assert.True(Assert.Single(asked.Effects) is RunEffect.StopAttempt { Now: false });
        Assert.Equal(Start.AddMinutes(1) + Options.CancelGrace, run.State.Row.NextDeadline);
        Assert.Contains("paused", RunDecisions.Resume(run.State, Command(), Options, Start).Failure!.Remedy, StringComparison.Ordinal);
        Assert.Null(Pause(run, Start).Append);

        var ended = run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start.AddMinutes(2)));
        Assert.Equal((RunStatus.Paused, "n", 0), (run.Status, run.State.Row.Node, run.State.Ended.Tries));
        Assert.Equal(ReasonCodes.Paused, ended.Append!.Attempt!.Reason!.Code);
        Assert.Single(ended.Effects.OfType<RunEffect.Release>());
        Assert.Equal("paused", Assert.Single(run.Commands.Values).Outcome);

        run.Take(RunDecisions.Resume(run.State, Command(), Options, Start.AddMinutes(12)));
        run.Again(at: Start.AddMinutes(12));
        var order = RunDecisions.OrderOf(run.State);
        Assert.True(order.Resume);
        Assert.Contains("same session", order.Preface, StringComparison.Ordinal);
        Assert.Equal(Start.AddMinutes(30 + 10), run.State.Row.NextDeadline);

        // The one try of its policy is still to come.
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Completed), Options, Start.AddMinutes(13)));
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    [Fact]
    public void Tool_calls_that_have_begun_come_to_their_ends_first()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, AtWork(1, 0), Start));
        var asked = run.Take(Pause(run, Start));
        Assert.Equal((ReasonCodes.PauseRequested, Start + Options.PauseGrace), (run.State.Row.Reason!.Code, run.State.Row.NextDeadline));
        Assert.Empty(asked.Effects);
        Assert.Empty(RunDecisions.Followed(run.State, 1).Effects);

        run.Take(RunDecisions.Output(run.State, AtWork(1, 10), Start));
        Assert.Null(RunDecisions.Turned(run.State, AgentPhase.Tool, Options, Start).Append);
        run.Take(RunDecisions.Output(run.State, Output(1, 20, 30, turns: 1), Start));
        Assert.Null(RunDecisions.Turned(run.State, AgentPhase.Result, Options, Start).Append);
        var turned = run.Take(RunDecisions.Turned(run.State, AgentPhase.Model, Options, Start));
        Assert.Equal(ReasonCodes.Paused, run.State.Row.Reason.Code);
        Assert.True(Assert.Single(turned.Effects) is RunEffect.StopAttempt { Now: false });
        Assert.Single(RunDecisions.Followed(run.State, 1).Effects.OfType<RunEffect.StopAttempt>());
        Assert.Null(RunDecisions.Turned(run.State, AgentPhase.Model, Options, Start).Append);
    }

    [Fact]
    public void A_tool_call_that_takes_too_long_is_cut_off_and_an_agent_that_does_not_obey_is_killed()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, AtWork(1, 0), Start));
        run.Take(Pause(run, Start));
        var now = Start + Options.PauseGrace;
        Assert.True(Assert.Single(run.Take(RunDecisions.Wake(run.State, Options, now)).Effects) is RunEffect.StopAttempt { Now: false });
        now += Options.CancelGrace;
        Assert.Contains(run.Take(RunDecisions.Wake(run.State, Options, now)).Effects, effect => effect is RunEffect.StopAttempt { Now: true });
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, now));
        Assert.Equal(RunStatus.Paused, run.Status);
        run.Take(RunDecisions.Resume(run.State, Command(), Options, now));
        run.Again(at: now);
        Assert.Contains("Bash", RunDecisions.OrderOf(run.State).Preface, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_starts_is_told_as_soon_as_it_runs()
    {
        var run = Accepted();
        run.Take(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Start));
        run.Take(Pause(run, Start));
        Assert.Equal((RunStatus.Starting, ReasonCodes.Paused), (run.Status, run.State.Row.Reason!.Code));
        Assert.Contains(run.Take(RunDecisions.Started(run.State, Started(1), Start)).Effects, effect => effect is RunEffect.StopAttempt);
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start));
        Assert.Equal((RunStatus.Paused, 0, 0), (run.Status, run.State.Ended.Tries, run.State.Ended.Recoveries));
    }

    [Fact]
    public void What_fails_by_itself_counts_as_a_try_and_stands_still_only_if_another_would_follow()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Output(run.State, AtWork(1, 0), Start));
        run.Take(Pause(run, Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal((RunStatus.Paused, ReasonCodes.Paused, 1), (run.Status, run.State.Row.Reason!.Code, run.State.Ended.Tries));

        var last = Running(attempts: 1);
        last.Take(RunDecisions.Output(last.State, AtWork(1, 0), Start));
        last.Take(Pause(last, Start));
        last.Take(RunDecisions.Ended(last.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal(RunStatus.Failed, last.Status);

        var exhausted = Running(attempts: 1, onExhausted: RetryExhaustion.Pause);
        exhausted.Take(Pause(exhausted, Start));
        exhausted.Take(RunDecisions.Ended(exhausted.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal((RunStatus.Paused, ReasonCodes.WaitsForPerson), (exhausted.Status, exhausted.State.Row.Reason!.Code));
    }

    [Fact]
    public void A_message_waits_until_it_goes_on()
    {
        var run = Running();
        run.Take(Pause(run, Start));
        Assert.Empty(run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start)).Effects);
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start));
        run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start));
        run.Take(RunDecisions.Resume(run.State, Command(), Options, Start));
        run.Take(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Start));
        Assert.Equal(2, run.Take(RunDecisions.Started(run.State, Started(2), Start)).Effects.OfType<RunEffect.Deliver>().Count());
    }

    [Fact]
    public void What_has_ended_is_ending_or_has_no_session_is_refused()
    {
        var run = Running();
        Assert.Equal("no_pause", RunDecisions.Pause(run.State, Command(), agentResumes: false, Options, Start).Failure!.Code);
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        Assert.Equal("run_ending", Pause(run, Start).Failure!.Code);
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start));
        Assert.Equal("run_ended", Pause(run, Start).Failure!.Code);
        var queued = Accepted();
        Assert.Null(RunDecisions.Pause(queued.State, Command(), agentResumes: false, Options, Start).Failure);
    }

    private static RunDecision Pause(TestRun run, DateTimeOffset now) => RunDecisions.Pause(run.State, Command(), agentResumes: true, Options, now);
}
