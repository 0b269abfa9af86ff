using System.Text;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

public sealed class PausedRunTests
{
    [Fact]
    public void A_run_without_an_attempt_left_waits_for_a_person_if_its_policy_says_so()
    {
        var run = Paused(out var decision);
        Assert.Equal((RunStatus.Paused, ReasonCodes.WaitsForPerson), (run.Status, run.State.Row.Reason!.Code));
        Assert.Contains(ReasonCodes.ApiError, run.State.Row.Reason.Text, StringComparison.Ordinal);
        Assert.Contains("a person", run.State.Row.WaitsFor, StringComparison.Ordinal);
        Assert.Contains(decision.Effects, effect => effect is RunEffect.Release);
        Assert.Contains("\"paused\"", Encoding.UTF8.GetString(decision.Append!.Events!.Events.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, RunStatus.Failed)]
    [InlineData(RetryExhaustion.Fail, true, RunStatus.Failed)]
    [InlineData(RetryExhaustion.Pause, true, RunStatus.Paused)]
    [InlineData(RetryExhaustion.Pause, false, RunStatus.Failed)]
    public void Only_what_another_attempt_might_help_is_a_person_s_to_decide(RetryExhaustion? policy, bool retryable, RunStatus status)
    {
        var run = Running(onExhausted: policy);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable), Options, Start));
        Assert.Equal(status, run.Status);
    }

    [Fact]
    public void Time_does_not_end_a_paused_run_and_it_has_the_rest_of_it_when_it_is_resumed()
    {
        var run = Paused(out _, at: Start.AddMinutes(10));
        Assert.Null(RunDecisions.Wake(run.State, Options, Start.AddDays(3)).Append);

        var resumed = run.Take(RunDecisions.Resume(run.State, Command(), new(), Start.AddDays(3)));
        Assert.Equal((RunStatus.Queued, Start.AddDays(3).AddMinutes(20)), (run.Status, run.State.Row.NextDeadline));
        Assert.Contains(resumed.Effects, effect => effect is RunEffect.OfferRun { Offer.DueAt: { } due } && due == run.State.Row.NextDeadline);
        var command = Assert.Single(resumed.Append!.Commands);
        Assert.Equal((CommandKinds.Resume, "resumed", Start.AddDays(3)), (command.Kind, command.Outcome, command.HandledAt));

        run.Again(at: Start.AddDays(3));
        Assert.Equal(Start.AddDays(3).AddMinutes(20), run.State.Row.NextDeadline);
        run.Take(RunDecisions.Wake(run.State, Options, Start.AddDays(3).AddMinutes(20)));
        Assert.Equal((RunStatus.Canceling, ReasonCodes.RunTimeout), (run.Status, run.State.Row.Reason!.Code));
    }

    [Fact]
    public void A_second_pause_adds_to_the_first()
    {
        var run = Paused(out _, at: Start.AddMinutes(10));
        run.Take(RunDecisions.Resume(run.State, Command(), new(), Start.AddHours(1)));
        run.Again(at: Start.AddHours(1));
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true), Options, Start.AddHours(1).AddMinutes(5)));
        Assert.Equal(RunStatus.Paused, run.Status);
        run.Take(RunDecisions.Resume(run.State, Command(), new(), Start.AddHours(2)));
        Assert.Equal(Start.AddHours(2).AddMinutes(15), run.State.Row.NextDeadline);
    }

    [Fact]
    public void Resuming_gives_a_new_round_of_attempts_and_the_counts_of_all_stay()
    {
        var run = Running(attempts: 2, onExhausted: RetryExhaustion.Pause);
        var now = Start;
        for (var number = 1; number <= 4; number++)
        {
            run.Take(RunDecisions.Ended(run.State, End(number, RunStatus.Failed, retryable: true), Options, now));
            if (number % 2 == 0)
            {
                Assert.Equal(RunStatus.Paused, run.Status);
                run.Take(RunDecisions.Resume(run.State, Command(), new(), now));
            }
            else
            {
                // The first pause of a round, not a longer one.
                Assert.Equal((RunStatus.Waiting, now.AddSeconds(10)), (run.Status, run.State.Row.NextDeadline));
                now = run.State.Row.NextDeadline!.Value;
                run.Take(RunDecisions.Wake(run.State, Options, now));
            }

            run.Again();
        }

        Assert.Equal((5, 4), (run.State.Row.Epoch, run.State.Ended.Tries));
    }

    [Fact]
    public void Recoveries_begin_anew_with_a_round_too()
    {
        var run = Running(onExhausted: RetryExhaustion.Pause);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Stuck }, Options, Start));
        run.Again();
        for (var number = 2; run.Status != RunStatus.Paused; number++)
        {
            run.Take(RunDecisions.Ended(run.State, End(number, RunStatus.Failed) with { Outcome = Stuck }, Options, Start));
            if (run.Status == RunStatus.Waiting)
            {
                run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
                run.Again();
            }
        }

        Assert.Equal(Options.MaxStuckRecoveries + 1, run.State.Row.Epoch);
        run.Take(RunDecisions.Resume(run.State, Command(), new(), Start));
        run.Again();
        run.Take(RunDecisions.Ended(run.State, End(run.State.Row.Epoch, RunStatus.Failed) with { Outcome = Stuck }, Options, Start));
        Assert.Equal(RunStatus.Queued, run.Status);
    }

    [Theory]
    [InlineData(true, RunStatus.Canceled)]
    [InlineData(false, RunStatus.Terminated)]
    public void A_paused_run_is_ended_at_once(bool politely, RunStatus status)
    {
        var run = Paused(out _);
        run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start));
        var ended = run.Take(politely ? RunDecisions.Cancel(run.State, Command(), Options, Start) : RunDecisions.Terminate(run.State, Command(), Options, Start));
        Assert.Equal(status, run.Status);
        Assert.Equal(2, ended.Append!.Commands.Count(command => command.HandledAt is not null));
        Assert.Equal("not_paused", RunDecisions.Resume(run.State, Command(), new(), Start).Failure!.Code);
    }

    [Fact]
    public void What_does_not_pause_is_not_resumed() =>
        Assert.Equal("not_paused", RunDecisions.Resume(Running().State, Command(), new(), Start).Failure!.Code);

    private static readonly Agents.Outcome Stuck = Lost with { Reason = new(ReasonCodes.Stuck, "Silent.") };

    private static TestRun Paused(out RunDecision decision, DateTimeOffset? at = null)
    {
        var run = Running(onExhausted: RetryExhaustion.Pause);
        decision = run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, at ?? Start));
        return run;
    }
}
