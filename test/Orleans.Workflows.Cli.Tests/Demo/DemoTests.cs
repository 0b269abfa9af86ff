using System.Text.Json;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Cli.Tests.Demo;

/// <summary>The demo as a user starts it: a process of its own, real agent processes, a real database.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_completes_every_run_and_prints_one_document_with_their_numbers()
    {
        const int count = 6;

        var result = await RunAsync("demo", "--runs", $"{count}", "--limit", "3", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        var report = JsonElement.Parse(result.Output);
        Assert.Equal((count, count), (report.GetProperty("completed").GetInt32(), report.GetProperty("total").GetInt32()));
        var runs = report.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(count, runs.Select(run => run.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(runs, run =>
        {
            Assert.Equal("Completed", run.GetProperty("status").GetString());
            Assert.Equal("success", run.GetProperty("reason").GetString());
            Assert.True(run.GetProperty("turns").GetInt32() > 0);
            Assert.True(run.GetProperty("toolCalls").GetInt32() > 0);
            Assert.True(run.GetProperty("inputTokens").GetInt64() > 0);
            Assert.True(run.GetProperty("outputTokens").GetInt64() > 0);
            Assert.True(run.GetProperty("costUsd").GetDecimal() > 0);
            Assert.True(run.GetProperty("wallMs").GetInt64() > 0);
            Assert.True(run.TryGetProperty("cacheReadTokens", out _) && run.TryGetProperty("cacheCreationTokens", out _));
        });
        Assert.All((string[])["api", "dashboard", "openapi"], name => Assert.StartsWith("http://127.0.0.1:", report.GetProperty("urls").GetProperty(name).GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_json_it_prints_a_line_for_every_ended_run_then_a_table_with_totals_and_the_urls()
    {
        var result = await RunAsync("demo", "--runs", "3");

        Assert.True(result.ExitCode == 0, result.ToString());
        foreach (var expected in (string[])["3/3  ", "3/3 completed", "REST ", "OpenAPI ", "Dashboard "])
        {
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Its_data_directory_goes_with_it_unless_it_was_named()
    {
        var named = Directory.CreateTempSubdirectory("wf-");
        var temporary = Directory.CreateTempSubdirectory("wf-");
        try
        {
            Assert.Equal(0, (await RunAsync(temporary.FullName, ["demo", "--runs", "1", "--json", "--data", named.FullName])).ExitCode);
            Assert.NotEmpty(named.EnumerateFileSystemInfos());

            Assert.Equal(0, (await RunAsync(temporary.FullName, ["demo", "--runs", "1", "--json"])).ExitCode);
            Assert.Empty(temporary.EnumerateDirectories("workflows-*"));
        }
        finally
        {
            named.Delete(recursive: true);
            temporary.Delete(recursive: true);
        }
    }

    private static Task<ProgramResult> RunAsync(params string[] args) => RunAsync(Path.GetTempPath(), args);

    private static async Task<ProgramResult> RunAsync(string temporary, string[] args)
    {
        var environment = new Dictionary<string, string> { ["TMPDIR"] = temporary, ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = temporary };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root)
        {
            environment["DOTNET_ROOT"] = root;
        }

        await using var program = RunningProgram.Start("dotnet", [Path.Join(AppContext.BaseDirectory, "workflows.dll"), .. args], environment: environment);
        return await program.EndAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
