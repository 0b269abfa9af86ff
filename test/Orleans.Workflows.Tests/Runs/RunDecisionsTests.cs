using CsCheck;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

public sealed class RunDecisionsTests
{
    [Fact]
    public void A_canceled_run_never_starts_another_attempt()
    {
        var run = Running(attempts: 5);
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        Assert.Equal(RunStatus.Canceling, run.Status);

        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal(RunStatus.Canceled, run.Status);
    }

    [Fact]
    public void Work_that_was_finished_before_the_cancel_reached_it_is_completed()
    {
        var run = Running();
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed), Options, Start));
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    [Fact]
    public void A_queued_run_is_canceled_at_once_and_leaves_its_queue()
    {
        var run = Accepted();
        var decision = run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        Assert.Equal(RunStatus.Canceled, run.Status);
        Assert.Contains(decision.Effects, effect => effect is RunEffect.Withdraw);
    }

    [Fact]
    public void A_terminate_overtakes_a_cancel()
    {
        var run = Running();
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        var decision = run.Take(RunDecisions.Terminate(run.State, Command(), Options, Start));
        Assert.Contains(decision.Effects, effect => effect is RunEffect.StopAttempt { Now: true });

        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed), Options, Start));
        Assert.Equal(RunStatus.Terminated, run.Status);
    }

    [Fact]
    public void A_run_past_its_time_limit_is_stopped_and_timed_out()
    {
        var run = Running();
        var late = Start.AddHours(1);
        var decision = run.Take(RunDecisions.Wake(run.State, Options, late));
        Assert.Contains(decision.Effects, effect => effect is RunEffect.StopAttempt);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed), Options, late));
        Assert.Equal(RunStatus.TimedOut, run.Status);
    }

    [Fact]
    public void A_run_past_its_queue_time_limit_expires()
    {
        var run = Accepted(queueTimeout: TimeSpan.FromMinutes(1));
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddMinutes(1)));
        Assert.Equal(RunStatus.Expired, run.Status);
        Assert.Equal(ReasonCodes.QueueTimeout, run.State.Row.Reason!.Code);
    }

    [Fact]
    public void A_run_that_got_its_slot_in_time_is_not_ended_by_its_queue_time_limit_while_it_starts()
    {
        var run = Accepted(queueTimeout: TimeSpan.FromSeconds(1));
        run.Take(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, Start + Options.StartTimeout));
        Assert.Equal(RunStatus.Starting, run.Status);
    }

    [Fact]
    public void A_retryable_failure_is_tried_again_after_its_pause_and_at_most_as_often_as_the_policy_says()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal(RunStatus.Waiting, run.Status);
        var due = run.State.Row.NextDeadline!.Value;
        Assert.Equal(Start.AddSeconds(10), due);

        run.Take(RunDecisions.Wake(run.State, Options, due.AddTicks(-1)));
        Assert.Equal(RunStatus.Waiting, run.Status);
        run.Take(RunDecisions.Wake(run.State, Options, due));
        Assert.Equal(RunStatus.Queued, run.Status);

        run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 1), "n", "b", Options, due));
        run.Take(RunDecisions.Started(run.State, Started(2), due));
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true), Options, due));
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal(2, run.State.Row.Epoch);
    }

    [Fact]
    public void The_service_s_own_time_of_reset_is_waited_for()
    {
        var run = Running(attempts: 2);
        var reset = Start.AddHours(0.4);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true, retryAt: reset), Options, Start));
        Assert.Equal(reset, run.State.Row.NextDeadline);
    }

    [Fact]
    public void Output_that_was_recorded_changes_nothing_when_it_comes_again()
    {
        var run = Running();
        var output = Output(1, 0, 100, turns: 1);
        run.Take(RunDecisions.Output(run.State, output, Start));
        var version = run.State.Row.Version;
        run.Take(RunDecisions.Output(run.State, output, Start));
        Assert.Equal(version, run.State.Row.Version);
        Assert.Equal(100, RunDecisions.Reply(run.State, 1).StdoutOffset);
    }

    [Fact]
    public void An_end_whose_output_does_not_join_up_is_not_taken()
    {
        var run = Running();
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed) with { Last = Output(1, 50, 100) }, Options, Start));
        Assert.Equal(RunStatus.Running, run.Status);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed) with { Last = Output(1, 0, 100, turns: 3) }, Options, Start));
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(3, run.State.Row.Turns);
    }

    [Fact]
    public void Numbers_are_summed_over_attempts_and_unknown_stays_unknown()
    {
        var run = Running(attempts: 3);
        run.Take(RunDecisions.Output(run.State, Output(1, 0, 10, turns: 2, tokens: 100), Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddMinutes(1)));
        run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 1), "n", "b", Options, Start));
        run.Take(RunDecisions.Started(run.State, Started(2), Start));
        run.Take(RunDecisions.Output(run.State, Output(2, 0, 10, turns: 3, tokens: 50), Start));
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Completed), Options, Start));
        Assert.Equal(5, run.State.Row.Turns);
        Assert.Equal(150, run.State.Row.Usage.InputTokens);
        Assert.Null(run.State.Row.Usage.CostUsd);
        Assert.True(run.State.Row.UsageIncomplete);
    }

    [Fact]
    public void A_message_waits_for_the_process_and_is_handed_over_when_it_runs()
    {
        var run = Accepted();
        var message = Command();
        var stored = run.Take(RunDecisions.Message(run.State, message, agentTakesMessages: true, Start));
        Assert.Empty(stored.Effects);
        run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 1), "n", "b", Options, Start));
        var started = run.Take(RunDecisions.Started(run.State, Started(1), Start));
        Assert.Contains(started.Effects, effect => effect is RunEffect.Deliver { Message: var m } && m.Id == message.Id);

        run.Take(RunDecisions.Delivered(run.State, 1, message.Id, Start));
        Assert.Empty(run.State.Inbox);
    }

    [Fact]
    public void The_input_is_closed_after_a_result_unless_a_message_waits()
    {
        var run = Running();
        run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start));
        run.Take(RunDecisions.Output(run.State, Output(1, 0, 10, phase: AgentPhase.Result), Start));
        Assert.False(RunDecisions.Reply(run.State, 1).CloseInput);

        run.Take(RunDecisions.Delivered(run.State, 1, run.State.Inbox[0].Id, Start));
        run.Take(RunDecisions.Output(run.State, Output(1, 10, 20, phase: AgentPhase.Result), Start));
        Assert.True(RunDecisions.Reply(run.State, 1).CloseInput);
        Assert.Equal("run_ending", RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start).Failure!.Code);
    }

    /// <summary>Any events in any order, repeats and stale ones included, keep what the databases enforce.</summary>
    [Fact]
    public void No_sequence_of_events_breaks_a_rule_of_the_ledger()
    {
        Gen.Select(Gen.Int[0, 17], Gen.Int[0, 3], Gen.Int[0, 2000]).List[1, 60].Sample(steps =>
        {
            var run = Accepted(attempts: 3, queueTimeout: TimeSpan.FromHours(2), onExhausted: RetryExhaustion.Pause, attemptTimeout: TimeSpan.FromMinutes(10));
            var now = Start;
            foreach (var (kind, attempt, seconds) in steps)
            {
                now = now.AddSeconds(seconds);
                var state = run.State;
                run.Take(kind switch
                {
                    0 => RunDecisions.Claim(state, new(state.Row.Id, "default", 1), "n", "b", Options, now),
                    1 => RunDecisions.Started(state, Started(attempt), now),
                    2 => RunDecisions.Output(state, Output(attempt, state.Attempt?.StdoutOffset ?? 0, (state.Attempt?.StdoutOffset ?? 0) + seconds), now),
                    3 => RunDecisions.Ended(state, End(attempt, RunStatus.Failed, retryable: seconds % 2 == 0), Options, now),
                    4 => RunDecisions.Ended(state, End(attempt, RunStatus.Completed), Options, now),
                    5 => RunDecisions.Cancel(state, Command(), Options, now),
                    6 => RunDecisions.Terminate(state, Command(), Options, now),
                    7 => RunDecisions.Message(state, Command(), true, now),
                    8 => RunDecisions.Delivered(state, attempt, state.Inbox.FirstOrDefault()?.Id ?? Guid.Empty, now),
                    10 => RunDecisions.Leaked(state, attempt, "it lives", now),
                    11 => RunDecisions.Release(state, Command(), Options, now),
                    12 => RunDecisions.Ended(state, End(attempt, RunStatus.Failed, retryable: true) with { Start = Started(attempt), Outcome = Lost }, Options, now),
                    13 => RunDecisions.Output(state, Output(attempt, state.Attempt?.StdoutOffset ?? 0, (state.Attempt?.StdoutOffset ?? 0) + seconds) with { Start = Started(attempt) }, now),
                    14 => RunDecisions.Followed(state, attempt),
                    15 => RunDecisions.Resume(state, Command(), new(), now),
                    16 => RunDecisions.NodeLost(state, attempt, TimeSpan.FromMinutes(10), Options, now),
                    17 => RunDecisions.Suspect(state, attempt, seconds % 2 == 0 ? "silent" : null, now),
                    _ => RunDecisions.Wake(state, Options, now),
                });
            }
        });
    }
}
