using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Cli.Tests;

/// <summary>The program itself: what depends on its own name and streams shows only there.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Help_calls_the_program_by_its_name()
    {
        var result = await RunAsync("--help");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("workflows [command] [options]", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("workflows-cli", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_may_have_the_programs_name()
    {
        var result = await RunAsync("workflows", "--server", "http://127.0.0.1:1");

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("http://127.0.0.1:1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_reads_the_programs_stdin()
    {
        var result = await RunAsync("replay", "-", "--agent", "command", "--exit-code", "0");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("\"status\": \"Completed\"", result.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramResult> RunAsync(params string[] args) =>
        RunningProgram.RunAsync("dotnet", [Path.Join(AppContext.BaseDirectory, "workflows.dll"), .. args], cancellationToken: TestContext.Current.CancellationToken);
}
