using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>A run's locks: taken with each claim, told to be free once it has ended or an operator took them.</summary>
public sealed class LockDecisionsTests
{
    [Fact]
    public void Each_attempt_is_claimed_under_the_locks_with_the_token_of_its_grant()
    {
        var run = Locked(attempts: 2);
        var grant = GrantOf(run) with { Number = 5 };
        var claim = run.Take(RunDecisions.Claim(run.State, grant, "n", "b", Options, Start));
        Assert.Equal([("a", 1, "Exclusive"), ("b", 1, "Shared")], claim.Append!.Locks.Select(held => (held.Name, held.Attempt, held.Mode)));
        Assert.All(claim.Append.Locks, held => Assert.Equal(grant.Token, held.Token));
        var order = RunDecisions.OrderOf(run.State);
        Assert.Equal((grant.Token, "a b"), (order.Locks!.Token, string.Join(" ", order.Locks.Names)));

        run.Take(RunDecisions.Started(run.State, Started(1), Start));
        var retried = run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        Assert.DoesNotContain(retried.Effects, effect => effect is RunEffect.Unlock);
        var next = run.Take(RunDecisions.Claim(run.State, new(run.State.Row.Id, "default", 2) { Number = 1 }, "n", "b", Options, Start));
        Assert.Equal([2, 2], next.Append!.Locks.Select(held => held.Attempt));
        Assert.True(next.Append.Locks[0].Token > grant.Token);
    }

    [Fact]
    public void Its_end_tells_that_they_are_free_once_it_held_any()
    {
        var run = Locked();
        run.Again();
        var ended = run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed), Options, Start));
        Assert.Single(ended.Effects, effect => effect is RunEffect.Unlock);
        var waits = Locked();
        Assert.DoesNotContain(waits.Take(RunDecisions.Cancel(waits.State, Command(), Options, Start)).Effects, effect => effect is RunEffect.Unlock);
        var without = Accepted().Again();
        Assert.DoesNotContain(without.Take(RunDecisions.Ended(without.State, End(1, RunStatus.Completed), Options, Start)).Effects, effect => effect is RunEffect.Unlock);
        Assert.Null(RunDecisions.OrderOf(Accepted().Again().State).Locks);
    }

    [Fact]
    public void An_operator_takes_them_from_a_run_that_holds_them_and_from_no_other()
    {
        var run = Locked();
        Assert.Equal("no_locks", RunDecisions.ReleaseLocks(run.State, Command(), Start).Failure?.Code);
        run.Again();
        var taken = run.Take(RunDecisions.ReleaseLocks(run.State, Command(), Start));
        Assert.True(taken.Append!.ReleasesLocks);
        Assert.Equal("release_locks", Assert.Single(taken.Append.Audit).Action);
        Assert.Single(taken.Effects, effect => effect is RunEffect.Unlock);
        Assert.Equal("why", run.Events[^1]["text"]!.GetValue<string>());
        Assert.Equal("no_locks", RunDecisions.ReleaseLocks(run.State, Command(), Start).Failure?.Code);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed), Options, Start));
        Assert.Equal("no_locks", RunDecisions.ReleaseLocks(run.State, Command(), Start).Failure?.Code);
    }

    [Fact]
    public void A_run_that_a_person_pauses_gives_them_back_and_waits_for_them_anew()
    {
        var run = Locked();
        run.Again();
        run.Take(RunDecisions.Pause(run.State, Command(), agentResumes: true, Options, Start));
        var paused = run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start));
        Assert.True(paused.Append!.ReleasesLocks);
        Assert.Single(paused.Effects, effect => effect is RunEffect.Unlock);
        run.Take(RunDecisions.Resume(run.State, Command(), Options, Start));
        Assert.Equal(2, run.Take(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Start)).Append!.Locks.Count);

        var waits = Locked();
        Assert.False(waits.Take(RunDecisions.Pause(waits.State, Command(), agentResumes: true, Options, Start)).Append!.ReleasesLocks);
    }

    private static TestRun Locked(int attempts = 1)
    {
        var accepted = Accepted(attempts).State.Row;
        var demand = new Demand { Locks = [new("a", LockMode.Exclusive), new("b", LockMode.Shared)] };
        var order = new RunOrder
        {
            DefinitionHash = "h",
            Agent = "scripted",
            Queue = "default",
            Caller = "me",
            CorrelationId = "c",
            Spec = accepted.Spec,
            SessionId = Guid.NewGuid(),
            Demand = demand.ToJson(),
        };
        return new(RunDecisions.Accept(accepted.Id, order, Options, Start));
    }
}
