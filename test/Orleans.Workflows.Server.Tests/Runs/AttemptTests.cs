using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Server.Tests.Runs;

/// <summary>Attempts of one run, for real: their limits, their rounds. No deadline scan comes in the time of these tests.</summary>
public sealed class AttemptTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task An_attempt_past_its_limit_is_ended_in_time_and_the_next_has_the_whole_limit()
    {
        await using var server = await StartAsync();
        await WriteAsync(server, "limited", """
            attemptTimeout: 1s
            retry: {maximumAttempts: 2, initialInterval: 100ms}
            """);
        var run = await server.StartRunAsync(new() { Workflow = "limited", Message = """{"steps":[{"text":"on it"},{"hang":true}]}""" });
        var end = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Failed, ReasonCodes.AttemptTimeout, 2), (end.Status, end.Reason!.Code, end.Attempts));
        foreach (var attempt in await server.Ledger.ReadAttemptsAsync(run.Id, TestContext.Current.CancellationToken))
        {
            Assert.Equal(ReasonCodes.AttemptTimeout, attempt.Reason!.Code);
            Assert.InRange(attempt.EndedAt!.Value - attempt.StartedAt!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) + Late);
        }
    }

    [Fact]
    public async Task A_request_s_attempt_limit_goes_before_the_workflow_s_and_one_deaf_to_the_end_is_killed()
    {
        await using var server = await StartAsync();
        await WriteAsync(server, "limited", """
            attemptTimeout: 1h
            retry: {maximumAttempts: 1}
            """);
        var run = await server.StartRunAsync(new() { Workflow = "limited", AttemptTimeoutSeconds = 1, Message = """{"steps":[{"text":"on it"},{"hang":"deaf"}]}""" });
        var end = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Failed, ReasonCodes.AttemptTimeout), (end.Status, end.Reason!.Code));
    }

    [Fact]
    public async Task A_run_past_its_time_limit_is_timed_out_in_time()
    {
        await using var server = await StartAsync();
        var run = await server.StartRunAsync(new() { Agent = "scripted", TimeoutSeconds = 1, Message = """{"steps":[{"text":"on it"},{"hang":true}]}""" });
        var end = await server.EndOfAsync(run.Id);
        Assert.Equal(RunStatus.TimedOut, end.Status);
        Assert.InRange(end.EndedAt!.Value - end.StartedAt!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) + Late);
    }

    [Fact]
    public async Task A_workflow_says_how_long_its_agents_may_be_silent()
    {
        await using var server = await StartAsync(new() { ["Execution:Phases:ModelSilence"] = "01:00:00", ["Runs:MaxStuckRecoveries"] = "0" });
        await WriteAsync(server, "impatient", "phases: {modelSilence: 1s}");
        var run = await server.StartRunAsync(new() { Workflow = "impatient", Message = """{"steps":[{"text":"on it"},{"hang":true}]}""" });
        var end = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Stuck), (end.Status, end.Reason!.Code));
    }

    [Fact]
    public async Task A_run_without_an_attempt_left_waits_for_a_person_and_goes_on_when_it_is_resumed()
    {
        await using var server = await StartAsync();
        var mark = Path.Combine(server.Directory, "repaired");
        await WriteAsync(server, "patient", $$"""
            retry: {maximumAttempts: 1, retryOnExitCodes: [75], onExhausted: pause}
            command: [/bin/sh, -c, "[ -e {{mark}} ] || exit 75"]
            """, agent: "command");
        var run = await server.StartRunAsync(new() { Workflow = "patient" });
        var grain = server.Grains.GetGrain<IWorkflowGrain>(run.Id.Value);
        var paused = await grain.WaitForAsync(info => info.Status == RunStatus.Paused);
        Assert.Equal((ReasonCodes.WaitsForPerson, null, 1), (paused.Reason!.Code, paused.Deadline, paused.Attempts));
        Assert.Contains("a person", paused.WaitsFor, StringComparison.Ordinal);

        await File.WriteAllTextAsync(mark, "", TestContext.Current.CancellationToken);
        var path = new Uri($"/api/v1/runs/{run.Id}/resume", UriKind.Relative);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "Idempotency-Key", "again" } }, Content = new StringContent("""{"reason":"repaired"}""", Encoding.UTF8, "application/json") };
            using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        var end = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Completed, 2), (end.Status, end.Attempts));
        using var late = await server.Http.PostAsync(path, null, TestContext.Current.CancellationToken);
        Assert.Equal(409, (int)late.StatusCode);
    }

    private static Task<WorkflowsServer> StartAsync(Dictionary<string, string>? more = null)
    {
        var directory = Directory.CreateTempSubdirectory("ow-server-").FullName;
        var settings = new Dictionary<string, string>
        {
            ["Watching:ScanPeriod"] = "01:00:00",
            ["Workflows:Directories:0"] = Directory.CreateDirectory(Path.Combine(directory, "workflows")).FullName,
            ["Workflows:Watch"] = "false",
            ["Execution:Phases:StepPatience"] = "00:00:00.5",
            ["Execution:InterruptGrace"] = "00:00:00.5",
            ["Execution:InputGrace"] = "00:00:00.5",
            ["Execution:TermGrace"] = "00:00:00.5",
        };
        foreach (var (name, value) in more ?? [])
        {
            settings[name] = value;
        }

        return WorkflowsServer.StartAsync(settings, directory: directory);
    }

    private static async Task WriteAsync(WorkflowsServer server, string name, string yaml, string agent = "scripted")
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Directory, "workflows", name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "workflow.yaml"), $"agent: {agent}\n{yaml}\n");
        await server.Services.GetRequiredService<WorkflowCatalog>().ReloadAsync();
    }
}
