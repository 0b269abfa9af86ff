using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Server.Tests.Runs;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Server.Tests.Claude;

/// <summary>The real <c>claude</c> is paused amid a tool call and goes on later in the same session.</summary>
public sealed class ClaudePauseTests(ScriptedModelServer model) : IClassFixture<ScriptedModelServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_tool_call_has_its_result_before_it_stands_still_and_the_same_session_goes_on()
    {
        var directory = Directory.CreateTempSubdirectory("ow-server-").FullName;
        await using var server = await WorkflowsServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Execution:Slots"] = "1",
                ["Agents:Binaries:claude"] = ClaudeBinary.Path,
                ["Workflows:Directories:0"] = Directory.CreateDirectory(Path.Combine(directory, "workflows")).FullName,
                ["Workflows:Watch"] = "false",
            },
            directory: directory);
        var (begun, goOn, journal) = (Path.Combine(directory, "begun"), Path.Combine(directory, "go-on"), Path.Combine(directory, "journal"));
        var script = model.Register(
            ModelStep.Calls("Bash", new { command = $"touch {begun}; while [ ! -e {goOn} ]; do sleep 0.05; done; echo once >> {journal}", description = "Wait" }),
            ModelStep.Hangs(times: 1),
            ModelStep.Says("done"));
        await ClaudeWorkflow.WriteAsync(Path.Combine(directory, "workflows", "paused"), script.BaseUrl, "retry: {maximumAttempts: 1}");
        await server.Services.GetRequiredService<WorkflowCatalog>().ReloadAsync(Token);
        var run = (await server.StartRunAsync(new() { Workflow = "paused", Message = "wait" })).Id;
        var grain = server.Grains.GetGrain<IWorkflowGrain>(run.Value);
        await WaitFor.Condition(() => File.Exists(begun), () => $"{script}", TestTimeouts.Process, cancellationToken: Token);

        // The tool call is on record before it is asked: until then the agent would be between two.
        await grain.WaitForAsync(info => info.ToolCalls == 1);
        var asked = await grain.PauseAsync(Command("lunch"));
        Assert.Equal((RunStatus.Running, ReasonCodes.PauseRequested), (asked.Run!.Status, asked.Run.Reason!.Code));
        await File.WriteAllTextAsync(goOn, "", Token);
        var paused = await grain.WaitForAsync(info => info.Status == RunStatus.Paused);
        Assert.Equal((ReasonCodes.Paused, "Paused by test: lunch", 1), (paused.Reason!.Code, paused.Reason.Text, paused.Attempts));
        Assert.All(await server.Ledger.ReadAttemptsAsync(run, Token), attempt => Assert.False(Directory.Exists($"/proc/{attempt.Pid}")));

        Assert.Null((await grain.ResumeAsync(Command("back"))).Failure);
        var end = await server.EndOfAsync(run);
        var attempts = (await server.Ledger.ReadAttemptsAsync(run, Token)).OrderBy(attempt => attempt.Number).ToArray();
        Assert.True(end is { Status: RunStatus.Completed, Attempts: 2, ToolCalls: 1 }, $"{end.Status} {end.Reason} {string.Join(", ", attempts.Select(done => $"{done.Number} {done.Reason}"))} {script}");
        Assert.Equal([ReasonCodes.Paused, ReasonCodes.Success], attempts.Select(attempt => attempt.Reason!.Code));
        Assert.Equal("done", end.Result!.Text);
        Assert.Equal(["once"], await File.ReadAllLinesAsync(journal, Token));

        // The conversation goes on with the call and its result in it.
        var told = script.Requests[^1].Messages.ToString();
        Assert.Contains("tool_result", told, StringComparison.Ordinal);
        Assert.Contains("same session", told, StringComparison.Ordinal);
        Assert.DoesNotContain("may or may not have taken effect", told, StringComparison.Ordinal);
    }

    private static RunCommand Command(string why) => new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = why };
}
