using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

public sealed class AttemptLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Due = Start + Limit;

    [Fact]
    public void An_attempt_past_its_limit_is_ended_and_the_policy_says_what_follows()
    {
        var run = Running(attempts: 2, attemptTimeout: Limit);
        Assert.Equal(Due, run.State.Row.NextDeadline);
        Assert.Null(RunDecisions.Wake(run.State, Options, Due.AddTicks(-1)).Append);

        var stopped = run.Take(RunDecisions.Wake(run.State, Options, Due));
        Assert.Contains(stopped.Effects, effect => effect is RunEffect.StopAttempt { Now: false });
        Assert.Equal((RunStatus.Running, ReasonCodes.AttemptTimeout), (run.Status, run.State.Row.Reason!.Code));

        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Due.AddSeconds(2)));
        Assert.Equal(RunStatus.Waiting, run.Status);
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again(at: Due.AddMinutes(1));
        Assert.True(RunDecisions.OrderOf(run.State).Resume);

        // The next attempt has the whole limit.
        Assert.Equal(Due.AddMinutes(1) + Limit, run.State.Row.NextDeadline);
        run.Take(RunDecisions.Wake(run.State, Options, Due.AddMinutes(1) + Limit));
        var ended = run.Take(RunDecisions.Ended(run.State, Stopped(2), Options, Due.AddMinutes(7)));
        Assert.Equal((RunStatus.Failed, ReasonCodes.AttemptTimeout, ReasonCodes.AttemptTimeout), (run.Status, run.State.Row.Reason!.Code, ended.Append!.Attempt!.Reason!.Code));
    }

    [Fact]
    public void The_run_s_own_limit_comes_first_where_it_is_sooner()
    {
        var run = Running(attempts: 3, attemptTimeout: TimeSpan.FromHours(2));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        Assert.Equal((RunStatus.Canceling, ReasonCodes.RunTimeout), (run.Status, run.State.Row.Reason!.Code));
    }

    [Fact]
    public void The_run_s_limit_ends_it_also_while_its_attempt_is_being_ended()
    {
        var run = Running(attempts: 3, attemptTimeout: TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(5));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        Assert.Equal(Start.AddMinutes(30), run.State.Row.NextDeadline);
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddMinutes(30)));
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start.AddMinutes(31)));
        Assert.Equal(RunStatus.TimedOut, run.Status);
    }

    [Fact]
    public void An_attempt_that_does_not_obey_is_killed_again_and_again()
    {
        var run = Running(attemptTimeout: Limit);
        run.Take(RunDecisions.Wake(run.State, Options, Due));
        Assert.Equal(Due + Options.CancelGrace, run.State.Row.NextDeadline);
        for (var i = 0; i < 3; i++)
        {
            var now = run.State.Row.NextDeadline!.Value;
            Assert.Contains(run.Take(RunDecisions.Wake(run.State, Options, now)).Effects, effect => effect is RunEffect.StopAttempt { Now: true });
            Assert.Equal(now + Options.KillGrace, run.State.Row.NextDeadline);
        }
    }

    [Fact]
    public void Work_that_was_finished_before_the_end_reached_it_counts_and_so_does_what_the_agent_says_of_itself()
    {
        var finished = PastLimit();
        finished.Take(RunDecisions.Ended(finished.State, End(1, RunStatus.Completed), Options, Due));
        Assert.Equal(RunStatus.Completed, finished.Status);

        var broke = PastLimit();
        var end = End(1, RunStatus.Failed) with { Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.Budget, "It is spent.") } };
        broke.Take(RunDecisions.Ended(broke.State, end, Options, Due));
        Assert.Equal((RunStatus.Failed, ReasonCodes.Budget), (broke.Status, broke.State.Row.Reason!.Code));
    }

    [Fact]
    public void A_message_waits_for_the_next_attempt_and_a_process_that_follows_anew_is_told_to_end_it()
    {
        var run = PastLimit();
        var message = run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Due));
        Assert.Empty(message.Effects);
        Assert.IsType<RunEffect.StopAttempt>(Assert.Single(RunDecisions.Followed(run.State, 1).Effects));
        Assert.Null(RunDecisions.Suspect(run.State, 1, "silent", Due).Append);
        Assert.DoesNotContain(run.Take(RunDecisions.Output(run.State, Output(1, 0, 5, phase: AgentPhase.Result), Due)).Effects, effect => effect is RunEffect.Deliver);

        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Due));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Take(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Due));
        Assert.Contains(run.Take(RunDecisions.Started(run.State, Started(2), Due)).Effects, effect => effect is RunEffect.Deliver);
    }

    [Fact]
    public void A_cancel_overtakes_it()
    {
        var run = PastLimit();
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Due));
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Due));
        Assert.Equal(RunStatus.Canceled, run.Status);
    }

    private static TestRun PastLimit()
    {
        var run = Running(attempts: 2, attemptTimeout: Limit);
        run.Take(RunDecisions.Wake(run.State, Options, Due));
        return run;
    }
}
