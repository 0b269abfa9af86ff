using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Agents that say more than the node takes of one attempt.</summary>
public sealed class OutputLimitTests
{
    [Theory]
    [InlineData("StdoutLimit", "yes")]
    [InlineData("StderrLimit", "yes >&2")]
    [InlineData("StdoutLimit", "trap '' TERM; while :; do echo and on; done")]
    public async Task A_program_that_reaches_a_limit_of_its_output_is_ended_once_and_the_reason_names_the_setting(string setting, string script)
    {
        await using var server = await StartAsync(setting);
        var run = (await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", script] })).Id;
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Failed, ReasonCodes.OutputLimit, 1), (end.Status, end.Reason!.Code, end.Attempts));
        Assert.Contains($"Workflows:Execution:{setting}, 100000 bytes", end.Reason.Text, StringComparison.Ordinal);
        var attempt = Assert.Single(await server.Ledger.ReadAttemptsAsync(run, TestContext.Current.CancellationToken));
        Assert.Equal(end.Reason, attempt.Reason);
        Assert.True((setting == "StdoutLimit" ? attempt.StdoutOffset : attempt.StderrOffset) >= 100_000);
    }

    [Fact]
    public async Task An_agent_at_its_limit_is_silent_and_yet_not_judged_stuck()
    {
        await using var server = await StartAsync("StdoutLimit");
        var run = (await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"on it"},{"lines":1000,"bytes":1000},{"result":"done"}]}""" })).Id;
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Failed, ReasonCodes.OutputLimit, 1), (end.Status, end.Reason!.Code, end.Attempts));
    }

    private static Task<WorkflowsServer> StartAsync(string setting) => WorkflowsServer.StartAsync(new Dictionary<string, string>
    {
        [$"Execution:{setting}"] = "100000",
        ["Execution:Phases:ModelSilence"] = "00:00:00.3",
        ["Execution:Phases:StepPatience"] = "00:00:00.3",
        ["Execution:InputGrace"] = "00:00:01",
        ["Execution:TermGrace"] = "00:00:01",
    });
}
