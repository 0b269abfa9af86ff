using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Runs whose account may use no more for now: they wait, and neither fail nor lose time.</summary>
public sealed class RateLimitDecisionsTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(30);

    [Fact]
    public void It_goes_on_at_the_reset_without_a_try_of_its_policy_and_with_the_time_that_it_had_left()
    {
        var run = Running(attempts: 1);
        var reset = Start.AddHours(5);
        var decision = run.Take(RunDecisions.Ended(run.State, Limited(1, reset), Options, Start.AddMinutes(10)));
        Assert.Equal((RunStatus.Waiting, ReasonCodes.WaitsForRetry, reset), (run.Status, run.State.Row.Reason!.Code, run.State.Row.NextDeadline));
        var finding = Assert.Single(decision.Effects.OfType<RunEffect.Find>()).Finding;
        Assert.Equal((run.State.Row.Id, 1, Dependency.Credential, reset), (finding.Run, finding.Attempt, finding.Failed, finding.Until));
        Assert.True(decision.Effects.ToList().FindIndex(effect => effect is RunEffect.Find) < decision.Effects.ToList().FindIndex(effect => effect is RunEffect.Release), "A finding counts only while the slot is held.");

        Assert.Null(RunDecisions.Wake(run.State, Options, reset.AddTicks(-1)).Append);
        run.Take(RunDecisions.Wake(run.State, Options, reset));
        Assert.Equal((RunStatus.Queued, reset + (TimeLimit - TimeSpan.FromMinutes(10))), (run.Status, run.State.Row.NextDeadline));
        run.Again(at: reset);
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Completed), Options, reset.AddMinutes(1)));
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    [Fact]
    public void Without_a_reset_time_it_waits_longer_each_time_and_not_for_ever()
    {
        var run = Running(attempts: 3);
        var now = Start;
        for (var number = 1; number <= Options.MaxRateLimits; number++)
        {
            run.Take(RunDecisions.Ended(run.State, Limited(number, null), Options, now));
            Assert.Equal((RunStatus.Waiting, now + (number * Options.RateLimitPause)), (run.Status, run.State.Row.NextDeadline));
            now = run.State.Row.NextDeadline!.Value;
            run.Take(RunDecisions.Wake(run.State, Options, now));
            run.Again(at: now);
        }

        run.Take(RunDecisions.Ended(run.State, Limited(Options.MaxRateLimits + 1, null), Options, now));
        Assert.Equal((RunStatus.Failed, ReasonCodes.RateLimited), (run.Status, run.State.Row.Reason!.Code));
    }

    [Fact]
    public void The_tries_of_its_policy_are_those_that_no_rate_limit_ended()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Ended(run.State, Limited(1, Start.AddHours(1)), Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddHours(1)));
        run.Again(at: Start.AddHours(1));
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true), Options, Start.AddHours(1)));
        Assert.Equal((RunStatus.Waiting, Start.AddHours(1).AddSeconds(10)), (run.Status, run.State.Row.NextDeadline));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again(at: Start.AddHours(1).AddSeconds(10));
        run.Take(RunDecisions.Ended(run.State, End(3, RunStatus.Failed, retryable: true), Options, Start.AddHours(2)));
        Assert.Equal(RunStatus.Failed, run.Status);
    }

    [Theory]
    [InlineData(null, RunStatus.Failed, ReasonCodes.RateLimited)]
    [InlineData(RetryExhaustion.Pause, RunStatus.Paused, ReasonCodes.WaitsForPerson)]
    public void A_workflow_that_does_not_want_to_wait_fails_at_once_or_asks_a_person(RetryExhaustion? onExhausted, RunStatus status, string reason)
    {
        var run = Running(attempts: 5, onExhausted: onExhausted, onRateLimit: RateLimitAnswer.Fail);
        var ended = run.Take(RunDecisions.Ended(run.State, Limited(1, Start.AddHours(5)), Options, Start));
        Assert.Equal((status, reason), (run.Status, run.State.Row.Reason!.Code));

        // Others with its credential wait all the same.
        Assert.Equal(Start.AddHours(5), Assert.Single(ended.Effects.OfType<RunEffect.Find>()).Finding.Until);
    }

    [Fact]
    public void While_it_waits_it_can_be_canceled_and_a_canceled_one_never_goes_on()
    {
        var run = Running();
        run.Take(RunDecisions.Ended(run.State, Limited(1, Start.AddHours(1)), Options, Start));
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        Assert.Equal(RunStatus.Canceled, run.Status);

        var canceled = Running();
        canceled.Take(RunDecisions.Cancel(canceled.State, Command(), Options, Start));
        canceled.Take(RunDecisions.Ended(canceled.State, Limited(1, Start.AddHours(1)), Options, Start));
        Assert.Equal(RunStatus.Canceled, canceled.Status);
    }

    [Fact]
    public void A_model_s_first_answer_is_told_once_and_an_end_without_one_tells_nothing()
    {
        var run = Running();
        Assert.DoesNotContain(run.Take(RunDecisions.Output(run.State, Output(1, 0, 10), Start)).Effects, effect => effect is RunEffect.Find);
        var first = Assert.Single(run.Take(RunDecisions.Output(run.State, Output(1, 10, 20, turns: 1), Start)).Effects.OfType<RunEffect.Find>());
        Assert.True(first is { IsEarly: true, Finding: { Failed: null, Attempt: 1 } });
        Assert.DoesNotContain(run.Take(RunDecisions.Output(run.State, Output(1, 20, 30, turns: 2), Start)).Effects, effect => effect is RunEffect.Find);
        var end = run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed), Options, Start));
        Assert.True(Assert.Single(end.Effects.OfType<RunEffect.Find>()) is { IsEarly: false, Finding.Failed: null });

        var cut = Running();
        cut.Take(RunDecisions.Output(cut.State, Output(1, 0, 10, turns: 1), Start));
        Assert.DoesNotContain(cut.Take(RunDecisions.Ended(cut.State, Stopped(1), Options, Start)).Effects, effect => effect is RunEffect.Find);
        var silent = Running();
        Assert.DoesNotContain(silent.Take(RunDecisions.Ended(silent.State, Stopped(1), Options, Start)).Effects, effect => effect is RunEffect.Find);
    }

    private static AttemptEnd Limited(int attempt, DateTimeOffset? reset) => End(attempt, RunStatus.Failed) with
    {
        Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.RateLimited, "The limit."), Retryable = true, RetryAt = reset, Failed = Dependency.Credential, Resumable = true },
    };
}
