using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

public sealed class RecoveryDecisionsTests
{
    [Fact]
    public void A_lost_supervisor_is_no_try_of_the_policy_and_the_session_goes_on()
    {
        var run = Running(attempts: 1);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        Assert.Equal(RunStatus.Queued, run.Status);

        run.Again();
        var order = RunDecisions.OrderOf(run.State);
        Assert.Equal((2, true, run.State.Row.SessionId), (order.Attempt, order.Resume, order.SessionId));
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true), Options, Start));
        Assert.Equal(RunStatus.Failed, run.Status);
    }

    [Fact]
    public void Recoveries_are_bounded_and_pause_longer_each_time()
    {
        var run = Running();
        var now = Start;
        for (var number = 1; number <= Options.MaxRecoveries; number++)
        {
            run.Take(RunDecisions.Ended(run.State, End(number, RunStatus.Failed) with { Outcome = Lost }, Options, now));
            if (number > 1)
            {
                Assert.Equal(now + (Options.RecoveryPause * (number - 1)), run.State.Row.NextDeadline);
                now = run.State.Row.NextDeadline!.Value;
                run.Take(RunDecisions.Wake(run.State, Options, now));
            }

            Assert.Equal(RunStatus.Queued, run.Status);
            run.Again();
        }

        run.Take(RunDecisions.Ended(run.State, End(Options.MaxRecoveries + 1, RunStatus.Failed) with { Outcome = Lost }, Options, now));
        Assert.Equal((RunStatus.Failed, ReasonCodes.SupervisorLost), (run.Status, run.State.Row.Reason!.Code));
    }

    [Fact]
    public void An_attempt_that_was_never_launched_leaves_the_session_as_it_is()
    {
        var run = Running(attempts: 3);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 1), "n", "b", Options, Start));
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true) with { NeverStarted = true }, Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again();
        Assert.True(RunDecisions.OrderOf(run.State).Resume);
    }

    [Fact]
    public void An_attempt_that_begins_anew_opens_a_session_of_its_own()
    {
        var run = Running(attempts: 2, mode: RetryMode.Restart);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again();
        var order = RunDecisions.OrderOf(run.State);
        Assert.False(order.Resume);
        Assert.NotEqual(run.State.Row.SessionId, order.SessionId);
        Assert.Equal(order.SessionId, RunDetails.FromJson(run.State.Row.Details).SessionId);
    }

    [Fact]
    public void A_first_attempt_that_was_never_launched_keeps_the_queue_time_limit()
    {
        var run = Accepted(queueTimeout: TimeSpan.FromMinutes(5));
        run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 1), "n", "b", Options, Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true) with { NeverStarted = true }, Options, Start));
        Assert.Equal((RunStatus.Queued, Start.AddMinutes(5)), (run.Status, run.State.Row.NextDeadline));
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddMinutes(5)));
        Assert.Equal(RunStatus.Expired, run.Status);
    }

    [Fact]
    public void Nothing_waits_for_an_attempt_that_would_come_after_the_time_limit()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true, retryAt: Start.AddHours(5)), Options, Start));
        Assert.Equal((RunStatus.Failed, ReasonCodes.ApiError), (run.Status, run.State.Row.Reason!.Code));
    }

    [Fact]
    public void A_start_that_never_comes_is_over_with_the_runs_time_limit()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 1), "n", "b", Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddHours(1)));
        Assert.Equal((RunStatus.Canceling, ReasonCodes.RunTimeout), (run.Status, run.State.Row.Reason!.Code));
    }

    [Fact]
    public void A_leaked_attempt_keeps_its_run_open_until_it_is_gone_or_an_operator_releases_it()
    {
        var run = Running();
        run.Take(RunDecisions.Terminate(run.State, Command(), Options, Start));
        run.Take(RunDecisions.Leaked(run.State, 1, "one process lives on", Start));
        Assert.Equal((RunStatus.Canceling, true), (run.Status, run.State.Attempt!.Leaked));
        Assert.Contains("one process lives on", run.State.Row.WaitsFor, StringComparison.Ordinal);
        Assert.Null(RunDecisions.Leaked(run.State, 1, "still", Start).Append);

        var released = run.Take(RunDecisions.Release(run.State, Command(), Options, Start));
        Assert.Equal(RunStatus.Terminated, run.Status);
        Assert.Equal(ReasonCodes.Leaked, released.Append!.Attempt!.Reason!.Code);
        Assert.Contains(released.Effects, effect => effect is RunEffect.Release);
        Assert.Equal("not_leaked", RunDecisions.Release(Running().State, Command(), Options, Start).Failure!.Code);
    }

    [Fact]
    public void Whose_word_it_is_that_a_node_is_lost_stands_with_the_run_which_goes_on()
    {
        var run = Running();
        var lost = run.Take(RunDecisions.NodeDeclaredLost(run.State, 1, Command() with { Text = "it burnt" }, Options, Start));
        var audit = Assert.Single(lost.Append!.Audit);
        Assert.Equal(("me", ReasonCodes.NodeLost, "it burnt", "c"), (audit.Caller, audit.Action, audit.Details, audit.CorrelationId));
        Assert.StartsWith($"Node {lost.Append.Attempt!.Node} was declared lost by me (it burnt); the next attempt begins anew", lost.Append.Attempt.Reason!.Text, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Queued, null), (run.Status, run.State.Row.OpenAttempt));
        Assert.Null(RunDecisions.NodeDeclaredLost(run.State, 1, Command(), Options, Start).Append);
    }

    [Fact]
    public void A_leaked_attempt_of_a_lost_node_stays_open_for_its_supervisor_s_lease_has_not_ended_it()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Leaked(run.State, 1, "one process lives on", Start));
        Assert.Null(RunDecisions.NodeLost(run.State, 1, TimeSpan.FromMinutes(10), Options, Start).Append);
        Assert.Null(RunDecisions.NodeDeclaredLost(run.State, 1, Command(), Options, Start).Append);
        Assert.Equal((RunStatus.Running, 1), (run.Status, run.State.Row.OpenAttempt));
    }

    [Fact]
    public void What_a_leaked_attempt_waits_for_is_not_hidden_by_its_silence()
    {
        var run = Running();
        run.Take(RunDecisions.Leaked(run.State, 1, "one process lives on", Start));
        Assert.Null(RunDecisions.Suspect(run.State, 1, "It has said nothing for 300 s.", Start).Append);
        Assert.Null(RunDecisions.Suspect(run.State, 1, null, Start).Append);
    }

    [Fact]
    public void What_a_leaked_attempt_waits_for_is_not_hidden_by_an_order_to_end()
    {
        var run = Running();
        run.Take(RunDecisions.Leaked(run.State, 1, "one process lives on", Start));
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        Assert.Contains("one process lives on", run.State.Row.WaitsFor, StringComparison.Ordinal);
        run.Take(RunDecisions.Terminate(run.State, Command(), Options, Start));
        Assert.Contains("one process lives on", run.State.Row.WaitsFor, StringComparison.Ordinal);

        var late = Running();
        late.Take(RunDecisions.Leaked(late.State, 1, "one process lives on", Start));
        late.Take(RunDecisions.Wake(late.State, Options, Start.AddDays(1)));
        Assert.Equal(RunStatus.Canceling, late.Status);
        Assert.Contains("one process lives on", late.State.Row.WaitsFor, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_node_and_a_released_attempt_leave_the_numbers_incomplete()
    {
        var lost = Running();
        lost.Take(RunDecisions.NodeLost(lost.State, 1, TimeSpan.FromMinutes(10), Options, Start));
        Assert.True(lost.State.Row.UsageIncomplete);

        var leaked = Known(Running());
        leaked.Take(RunDecisions.Leaked(leaked.State, 1, "one process lives on", Start));
        leaked.Take(RunDecisions.Release(leaked.State, Command(), Options, Start));
        Assert.True(leaked.State.Row.UsageIncomplete);

        var node = Known(Running());
        node.Take(RunDecisions.NodeLost(node.State, 1, TimeSpan.FromMinutes(10), Options, Start));
        Assert.True(node.State.Row.UsageIncomplete);

        // What it has told so far looks complete.
        static TestRun Known(TestRun run)
        {
            var output = Output(1, 0, 10, turns: 1, tokens: 5);
            run.Take(RunDecisions.Output(run.State, output with { Progress = output.Progress! with { Usage = new() { InputTokens = 5, OutputTokens = 5, CostUsd = 0.1m } } }, Start));
            return run;
        }
    }

    [Fact]
    public void A_process_that_follows_anew_is_told_what_was_asked_meanwhile()
    {
        var run = Running();
        run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start));
        Assert.Contains(RunDecisions.Followed(run.State, 1).Effects, effect => effect is RunEffect.Deliver);
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        Assert.Contains(RunDecisions.Followed(run.State, 1).Effects, effect => effect is RunEffect.StopAttempt);
        Assert.Empty(RunDecisions.Followed(run.State, 2).Effects);
    }

    [Fact]
    public void An_agent_that_waits_for_a_message_which_was_lost_gets_it_again()
    {
        var run = Running();
        run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start));
        var asked = run.Take(RunDecisions.Output(run.State, Output(1, 0, 0, phase: AgentPhase.Result), Start));
        Assert.Contains(asked.Effects, effect => effect is RunEffect.Deliver);
        Assert.False(RunDecisions.Reply(run.State, 1).CloseInput);
    }

    [Fact]
    public void Counts_of_all_attempts_are_summed()
    {
        var run = Running();
        foreach (var number in new[] { 1, 2 })
        {
            var output = Output(number, 0, 10);
            run.Take(RunDecisions.Output(run.State, output with { Progress = output.Progress with { Tools = new Dictionary<string, int> { ["Bash"] = 2 }, ApiMs = 30, PermissionDenials = 1 } }, Start));
            if (number == 1)
            {
                run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost with { PermissionDenials = 1 } }, Options, Start));
                run.Again();
            }
        }

        Assert.Equal((4, 60L, 2), (run.State.Details.Tools!["Bash"], run.State.Row.ApiMs, run.State.Row.PermissionDenials));
    }

    [Fact]
    public void Output_that_could_not_be_recorded_is_a_gap_in_the_numbers()
    {
        var run = Running();
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed) with { OutputIncomplete = true }, Options, Start));
        Assert.True(run.State.Row.UsageIncomplete);
    }
}
