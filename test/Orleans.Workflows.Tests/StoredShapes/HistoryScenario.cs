using System.Text.Json.Nodes;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Tests.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.StoredShapes;

/// <summary>Runs to which everything happens that the engine writes into their histories.</summary>
internal static class HistoryScenario
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static List<JsonObject> Play()
    {
        var run = Accepted(attempts: 2, onExhausted: RetryExhaustion.Pause, attemptTimeout: Limit).Again();
        var message = Command();
        run.Take(RunDecisions.Message(run.State, message, agentTakesMessages: true, Start));
        run.Take(RunDecisions.Delivered(run.State, 1, message.Id, Start));
        run.Take(RunDecisions.Suspect(run.State, 1, "It is silent.", Start));
        run.Take(RunDecisions.Suspect(run.State, 1, null, Start));
        run.Take(RunDecisions.Leaked(run.State, 1, "It lives.", Start));
        run.Take(RunDecisions.Wake(run.State, Options, Start + Limit));
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start + Limit));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again();
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed, retryable: true), Options, Start));
        run.Take(RunDecisions.Resume(run.State, Command(), new(), Start));
        run.Again();
        run.Take(RunDecisions.Ended(run.State, End(3, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Again();
        run.Take(RunDecisions.Cancel(run.State, Command(), Options, Start));
        run.Take(RunDecisions.Terminate(run.State, Command(), Options, Start));
        run.Take(RunDecisions.Ended(run.State, Stopped(4), Options, Start));

        var late = Running();
        late.Take(RunDecisions.Wake(late.State, Options, Start.AddHours(1)));

        var paused = Accepted(startAt: Start.AddHours(1));
        paused.Take(RunDecisions.Pause(paused.State, Command(), agentResumes: true, Options, Start));
        paused.Take(RunDecisions.Resume(paused.State, Command(), Options, Start));
        paused.Take(RunDecisions.Wake(paused.State, Options, Start.AddHours(1)));
        paused.Again(at: Start.AddHours(1));
        paused.Take(RunDecisions.Pause(paused.State, Command(), agentResumes: true, Options, Start.AddHours(1)));
        return [.. run.Events, .. late.Events, .. paused.Events];
    }
}
