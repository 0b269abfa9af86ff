using CsCheck;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>Whatever happens at once has some order; every order of the same events ends the run once, settles what was accepted, and ends as somebody asked.</summary>
public sealed class RaceDecisionsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly string[] Events = ["claim", "started", "output", "done", "fails", "lost", "cancel", "terminate", "message", "delivered", "resume", "pause", "turned", "at work", "expire", "attempt limit", "timeout", "followed", "leaked", "release"];

    [Fact]
    public void Any_events_at_once_in_any_order_give_one_end_and_lose_nothing()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Shuffle(Events), Gen.Int[1, 6]).Sample((from, order, count) =>
        {
            var events = order.Take(count).ToArray();
            foreach (var sequence in new[] { events, [.. events.Reverse()] })
            {
                var run = From(from);
                foreach (var happens in sequence)
                {
                    Take(run, happens);
                }

                Finish(run);
                string[] causes = run.Status switch
                {
                    RunStatus.Completed => ["done"],
                    RunStatus.Canceled => ["cancel"],
                    RunStatus.TimedOut => ["timeout"],
                    RunStatus.Expired => ["expire", "attempt limit", "timeout"],
                    _ => [],
                };
                Assert.True(causes is [] || causes.Intersect(sequence).Any(), $"{run.Status} after {string.Join(", ", sequence)}");
            }
        });
    }

    [Theory]
    [InlineData("cancel", "terminate", RunStatus.Terminated)]
    [InlineData("terminate", "cancel", RunStatus.Terminated)]
    [InlineData("cancel", "done", RunStatus.Completed)]
    [InlineData("done", "cancel", RunStatus.Completed)]
    [InlineData("terminate", "done", RunStatus.Completed)]
    [InlineData("timeout", "done", RunStatus.Completed)]
    [InlineData("done", "timeout", RunStatus.Completed)]
    [InlineData("cancel", "fails", RunStatus.Canceled)]
    [InlineData("terminate", "fails", RunStatus.Terminated)]
    [InlineData("timeout", "fails", RunStatus.TimedOut)]
    [InlineData("cancel", "lost", RunStatus.Canceled)]
    [InlineData("timeout", "cancel", RunStatus.TimedOut)]
    [InlineData("timeout", "terminate", RunStatus.Terminated)]
    [InlineData("attempt limit", "cancel", RunStatus.Canceled)]
    [InlineData("attempt limit", "done", RunStatus.Completed)]
    [InlineData("fails", "cancel", RunStatus.Canceled)]
    [InlineData("pause", "done", RunStatus.Completed)]
    [InlineData("done", "pause", RunStatus.Completed)]
    [InlineData("pause", "cancel", RunStatus.Canceled)]
    [InlineData("pause", "terminate", RunStatus.Terminated)]
    [InlineData("pause", "timeout", RunStatus.TimedOut)]
    [InlineData("pause", "fails", RunStatus.Paused)]
    [InlineData("pause", "lost", RunStatus.Paused)]
    [InlineData("pause", "resume", RunStatus.Paused)]
    [InlineData("attempt limit", "pause", RunStatus.Paused)]
    [InlineData("pause", "attempt limit", RunStatus.Paused)]
    [InlineData("cancel", "pause", RunStatus.Canceled)]
    public void Who_wins_on_a_running_run(string first, string second, RunStatus end)
    {
        var run = From(1);
        Take(run, first);
        Take(run, second);
        if (!run.Status.IsTerminal() && run.State.Attempt is { } open)
        {
            run.Take(RunDecisions.Ended(run.State, Stopped(open.Number), Options, Start));
        }

        Assert.Equal(end, run.Status);
    }

    private static TestRun From(int where) => where switch
    {
        0 => Accepted(attempts: 2, queueTimeout: TimeSpan.FromMinutes(1), onExhausted: RetryExhaustion.Pause, attemptTimeout: Limit),
        1 => Running(onExhausted: RetryExhaustion.Pause, attemptTimeout: Limit),
        2 => Paused(),
        _ => Canceling(),
    };

    private static TestRun Paused()
    {
        var run = From(1);
        Take(run, "fails");
        return run;
    }

    private static TestRun Canceling()
    {
        var run = From(1);
        run.Take(RunDecisions.Message(run.State, Command(), agentTakesMessages: true, Start));
        run.Take(RunDecisions.Wake(run.State, Options, Start + Limit));
        return run;
    }

    private static void Finish(TestRun run)
    {
        for (var steps = 0; !run.Status.IsTerminal(); steps++)
        {
            Assert.True(steps < 10, $"It does not end: {run.Status}");
            run.Take(run.State.Attempt is { } open ? RunDecisions.Ended(run.State, Stopped(open.Number), Options, Start) : RunDecisions.Terminate(run.State, Command(), Options, Start));
        }
    }

    private static RunDecision Take(TestRun run, string happens) => run.Take(Decide(run.State, happens));

    private static RunDecision Decide(RunState state, string happens)
    {
        var number = Math.Max(1, state.Row.Epoch);
        return happens switch
        {
            "claim" => RunDecisions.Claim(state, new(state.Row.Id, "default", 1), "n", "b", Options, Start),
            "started" => RunDecisions.Started(state, Started(number), Start),
            "output" => RunDecisions.Output(state, Output(number, state.Attempt?.StdoutOffset ?? 0, (state.Attempt?.StdoutOffset ?? 0) + 10, turns: 1, tokens: 5), Start),
            "done" => RunDecisions.Ended(state, End(number, RunStatus.Completed), Options, Start),
            "fails" => RunDecisions.Ended(state, End(number, RunStatus.Failed, retryable: true), Options, Start),
            "lost" => RunDecisions.NodeLost(state, number, Limit, Options, Start),
            "cancel" => RunDecisions.Cancel(state, Command(), Options, Start),
            "terminate" => RunDecisions.Terminate(state, Command(), Options, Start),
            "message" => RunDecisions.Message(state, Command(), agentTakesMessages: true, Start),
            "delivered" => RunDecisions.Delivered(state, number, state.Inbox.FirstOrDefault(command => command.Kind == CommandKinds.Message)?.Id ?? Guid.Empty, Start),
            "resume" => RunDecisions.Resume(state, Command(), new(), Start),
            "pause" => RunDecisions.Pause(state, Command(), agentResumes: true, Options, Start),
            "turned" => RunDecisions.Turned(state, AgentPhase.Model, Options, Start),
            "at work" => RunDecisions.Output(state, AtWork(number, state.Attempt?.StdoutOffset ?? 0), Start),
            "expire" => RunDecisions.Wake(state, Options, Start.AddMinutes(1)),
            "attempt limit" => RunDecisions.Wake(state, Options, Start + Limit),
            "timeout" => RunDecisions.Wake(state, Options, Start.AddHours(1)),
            "followed" => RunDecisions.Followed(state, number),
            "leaked" => RunDecisions.Leaked(state, number, "it lives", Start),
            _ => RunDecisions.Release(state, Command(), Options, Start),
        };
    }
}
