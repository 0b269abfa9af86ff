using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.HardCases;

/// <summary>What an agent needs is not there, or goes away.</summary>
public sealed class LaunchFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_is_missing_fails_the_run_at_once_and_is_named()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var end = await EndOfAsync(server, ["/no/such/program"]);
        Assert.Equal((RunStatus.Failed, ReasonCodes.LaunchFailed, 1), (end.Status, end.Reason!.Code, end.Attempts));
        Assert.Contains("/no/such/program", end.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_may_not_be_executed_fails_the_run_at_once_and_is_named()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var program = Path.Combine(server.Directory, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho hi\n", Token);
        var end = await EndOfAsync(server, [program]);
        Assert.Equal((RunStatus.Failed, ReasonCodes.LaunchFailed, 1), (end.Status, end.Reason!.Code, end.Attempts));
        Assert.Contains(program, end.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_whose_interpreter_is_missing_fails_the_run_at_its_execution()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var program = Path.Combine(server.Directory, "program");
        await File.WriteAllTextAsync(program, "#!/no/such/interpreter\n", Token);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var end = await EndOfAsync(server, [program]);
        Assert.Equal((RunStatus.Failed, ReasonCodes.LaunchFailed, 1), (end.Status, end.Reason!.Code, end.Attempts));
        Assert.Contains("No such file", end.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_goes_away_between_two_attempts_fails_the_run_and_is_named()
    {
        var binary = Path.Combine(Path.GetTempPath(), $"agent-{Guid.NewGuid():N}");
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Agents:Binaries:claude"] = binary });
        var result = await server.Starter.StartAsync(new() { Agent = "claude", Message = "hi" }, new("test", Guid.NewGuid().ToString("N")), cancellationToken: Token);

        // Refused before acceptance, or failed by its first attempt: never waited for.
        if (result.Run is { } run)
        {
            var end = await server.EndOfAsync(run.Id);
            Assert.Equal((RunStatus.Failed, ReasonCodes.LaunchFailed), (end.Status, end.Reason!.Code));
        }
        else
        {
            Assert.NotNull(result.Failure);
        }
    }

    [Theory]
    [InlineData("rm -rf \"$PWD\"; echo gone; exit 0", RunStatus.Completed)]
    [InlineData("rm -rf \"$PWD\"; ls file; exit 3", RunStatus.Failed)]
    public async Task A_workspace_that_is_deleted_under_the_run_leaves_the_program_s_own_outcome(string script, RunStatus status)
    {
        await using var server = await WorkflowsServer.StartAsync();
        var end = await EndOfAsync(server, ["/bin/sh", "-c", script]);
        Assert.True(end.Status == status, $"{end.Status} {end.Reason}");
        Assert.Equal(1, end.Attempts);
    }

    [Fact]
    public async Task A_worktree_that_is_deleted_under_the_run_leaves_the_agent_s_own_outcome()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var repository = await GitRepository.CreateAsync(Path.Combine(server.Directory, "repository"));
        var run = await server.StartRunAsync(new()
        {
            Agent = "scripted",
            Repository = repository.Path,
            Message = """{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"rm -rf \"$PWD\""},{"text":"gone"},{"result":"done"}]}""",
        });
        var end = await server.EndOfAsync(run.Id);
        Assert.True((end.Status, end.Result?.Text) == (RunStatus.Completed, "done"), $"{end.Status} {end.Reason}");
    }

    private static async Task<RunInfo> EndOfAsync(WorkflowsServer server, string[] command)
    {
        var run = await server.StartRunAsync(new() { Agent = "command", Command = [.. command] });
        return await server.EndOfAsync(run.Id);
    }
}
