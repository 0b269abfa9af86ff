using System.Text.Json.Nodes;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Takes decisions as the grain does, and checks each against the rules that the databases enforce.</summary>
internal sealed class TestRun
{
    public TestRun(RunDecision accepted)
    {
        State = accepted.Next;
        Read(accepted);
        Assert.Equal(1, State.Row.Version);
        Assert.Contains(State.Row.Status, (IReadOnlySet<RunStatus>)RunTransitions.Initial);
    }

    public RunState State { get; private set; }

    public RunStatus Status => State.Row.Status;

    /// <summary>The run's history.</summary>
    public List<JsonObject> Events { get; } = [];

    /// <summary>Every command that was made durable, as it stands now.</summary>
    public Dictionary<Guid, CommandRow> Commands { get; } = [];

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
        Assert.True(after.Status != RunStatus.Paused || after is { OpenAttempt: null, NextDeadline: null, WaitsFor: not null, Reason: not null });
        Assert.True(after.Status.IsTerminal() || after.Status == RunStatus.Waiting || decision.Next.Details.PausedAt is not null == (after.Status == RunStatus.Paused));
        Assert.Equal(after.OpenAttempt, decision.Next.Attempt?.Number);
        Assert.Equal(before.LastEventSeq + (append.Events?.Count ?? 0), after.LastEventSeq);
        if (append.Attempt is { } attempt)
        {
            Assert.Equal(after.Epoch, attempt.Number);
            Assert.Equal(attempt.EndedAt is null, after.OpenAttempt == attempt.Number);
        }

        Read(decision);
        foreach (var command in append.Commands)
        {
            Assert.True(!Commands.TryGetValue(command.Id, out var known) || known.HandledAt is null, "A command takes effect once.");
            Commands[command.Id] = command;
        }

        Assert.Equal(after.Status.IsTerminal() ? [] : Commands.Values.Where(command => command.HandledAt is null).Select(command => command.Id).Order(), decision.Next.Inbox.Select(command => command.Id).Order());
        Assert.True(!after.Status.IsTerminal() || Commands.Values.All(command => command.HandledAt is not null), "The end settles every command.");
        State = decision.Next;
        return decision;
    }

    private void Read(RunDecision decision)
    {
        if (decision.Append?.Events is { } events)
        {
            Events.AddRange(JsonNode.Parse(events.Events.Span)!.AsArray().Select(item => item!.DeepClone().AsObject()));
        }
    }
}
