using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Takes decisions as the grain does, and checks each against the rules that the databases enforce.</summary>
internal sealed class TestRun
{
    public TestRun(RunDecision accepted)
    {
        State = accepted.Next;
        Assert.Equal(1, State.Row.Version);
        Assert.Contains(State.Row.Status, (IReadOnlySet<RunStatus>)RunTransitions.Initial);
    }

    public RunState State { get; private set; }

    public RunStatus Status => State.Row.Status;

    public RunDecision Take(RunDecision decision)
    {
        var before = State.Row;
        if (decision.Append is not { } append)
        {
            Assert.Same(State.Row, decision.Next.Row);
            State = decision.Next;
            return decision;
        }

        var after = append.Run;
        Assert.Equal(after, decision.Next.Row);
        Assert.Equal(before.Version + 1, after.Version);
        Assert.False(before.Status.IsTerminal());
        Assert.True(RunTransitions.IsLegal(before.Status, after.Status), $"{before.Status} -> {after.Status}");
        Assert.Equal(after.Status.IsTerminal(), after.EndedAt is not null);
        Assert.True(!after.Status.IsTerminal() || (after is { NextDeadline: null, OpenAttempt: null, WaitsFor: null, Reason: not null }));
        Assert.True(after.Status.IsTerminal() || after.NextDeadline is not null || after.WaitsFor is not null);
        Assert.True(after.Status is not (RunStatus.Starting or RunStatus.Running) || after.OpenAttempt is not null);
        Assert.Equal(after.OpenAttempt, decision.Next.Attempt?.Number);
        Assert.Equal(before.LastEventSeq + (append.Events?.Count ?? 0), after.LastEventSeq);
        if (append.Attempt is { } attempt)
        {
            Assert.Equal(after.Epoch, attempt.Number);
            Assert.Equal(attempt.EndedAt is null, after.OpenAttempt == attempt.Number);
        }

        State = decision.Next;
        return decision;
    }
}
