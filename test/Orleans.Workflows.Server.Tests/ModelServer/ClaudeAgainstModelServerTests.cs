using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Server.Tests.ModelServer;

public sealed class ClaudeAgainstModelServerTests(ScriptedModelServer server) : IClassFixture<ScriptedModelServer>
{
    private static readonly ModelReply WritesTheFile =
        ModelStep.Calls("Bash", new { command = "printf hi > hello.txt", description = "write the file" }) with
        {
            Text = "I will write the file.",
            Usage = new ModelUsage(Input: 1200, Output: 34, CacheRead: 500, CacheCreation: 60),
        };

    [Fact]
    public async Task The_binary_is_the_pinned_version()
    {
        var result = await RunningProgram.RunAsync(ClaudeBinary.Path, ["--version"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.StartsWith(ClaudeBinary.Version, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_call_writes_a_file_and_the_usage_is_what_the_script_says()
    {
        var script = server.Register(WritesTheFile, ModelStep.Says("done") with { Usage = new ModelUsage(Input: 1300, Output: 6) });
        await using var run = ClaudeRun.Start(script);

        var ended = await run.EndAsync();

        Assert.True(ended.ExitCode == 0, $"{ended}\n{script}");
        Assert.Equal("hi", await File.ReadAllTextAsync(Path.Combine(run.Workspace, "hello.txt"), TestContext.Current.CancellationToken));
        var result = Assert.Single(ClaudeRun.Lines(ended, "result"));
        Assert.Equal("done", result.GetProperty("result").GetString());
        Assert.Equal(2, result.GetProperty("num_turns").GetInt32());
        var usage = Assert.Single(result.GetProperty("modelUsage").EnumerateObject()).Value;
        Assert.Equal(2500, usage.GetProperty("inputTokens").GetInt64());
        Assert.Equal(40, usage.GetProperty("outputTokens").GetInt64());
        Assert.Equal(500, usage.GetProperty("cacheReadInputTokens").GetInt64());
        Assert.Equal(60, usage.GetProperty("cacheCreationInputTokens").GetInt64());
        Assert.Equal([0, 1], script.Requests.Where(r => !r.Auxiliary).Select(r => r.AssistantMessages));
        Assert.All(script.Requests, r => Assert.Equal("sk-ant-invented", r.Headers["x-api-key"]));
        Assert.Equal(
            script.Requests.Where(r => !r.Auxiliary).Select(r => r.MessageId),
            ClaudeRun.Lines(ended, "assistant").Select(l => l.GetProperty("message").GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task An_error_400_ends_it_at_once()
    {
        var script = server.Register(ModelStep.Fails(400, "invalid_request_error", "not like this"));
        await using var run = ClaudeRun.Start(script);

        var ended = await run.EndAsync();

        Assert.True(ended.ExitCode == 1, $"{ended}\n{script}");
        var result = Assert.Single(ClaudeRun.Lines(ended, "result"));
        Assert.True(result.GetProperty("is_error").GetBoolean());
        Assert.Contains("not like this", result.GetProperty("result").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ClaudeRun.Lines(ended, "system"), l => l.GetProperty("subtype").GetString() == "api_retry");

        // It asks again at once, each time without another of its beta features, before it believes the error.
        Assert.All(script.Requests, r => Assert.IsType<ModelError>(r.Step));
        Assert.Distinct(script.Requests.Select(r => r.Headers["anthropic-beta"]));
    }

    [Fact]
    public async Task An_overloaded_model_is_asked_again()
    {
        var script = server.Register(ModelStep.Fails(529, "overloaded_error", times: 2), ModelStep.Says("done"));
        await using var run = ClaudeRun.Start(script);

        var ended = await run.EndAsync();

        Assert.True(ended.ExitCode == 0, $"{ended}\n{script}");
        Assert.Equal(
            [typeof(ModelError), typeof(ModelError), typeof(ModelReply)],
            script.Requests.Select(r => r.Step.GetType()));
    }

    [Theory]
    [InlineData(ModelHangPoint.BeforeHeaders)]
    [InlineData(ModelHangPoint.AfterStart)]
    public async Task A_hang_is_seen_and_so_is_the_client_going_away(ModelHangPoint point)
    {
        var script = server.Register(new ModelHang(point));
        await using var run = ClaudeRun.Start(script);

        var hanging = await script.HangAsync(cancellationToken: TestContext.Current.CancellationToken);
        await run.SignalAsync("TERM");
        var ended = await run.EndAsync();

        Assert.True(ended.ExitCode == 143, $"{ended}\n{script}");
        Assert.Empty(ClaudeRun.Lines(ended, "result"));
        Assert.Equal(ModelRequestEnd.ClientGone, await hanging.EndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_stream_that_is_cut_once_is_asked_for_again()
    {
        var script = server.Register(ModelStep.CutsAfter("half a sen", times: 1), ModelStep.Says("whole sentence"));
        await using var run = ClaudeRun.Start(script);

        var ended = await run.EndAsync();

        Assert.True(ended.ExitCode == 0, $"{ended}\n{script}");
        Assert.Contains("whole sentence", Assert.Single(ClaudeRun.Lines(ended, "result")).GetProperty("result").GetString(), StringComparison.Ordinal);
        Assert.IsType<ModelCut>(script.Requests[0].Step);
    }

    [Fact]
    public async Task A_resumed_session_goes_on_with_the_turn_it_stood_at()
    {
        const string Session = "0a6bd5a5-6d2a-4b53-9d7c-1f7c1d5b8a11";
        var script = server.Register(WritesTheFile, ModelStep.Hangs(times: 1), ModelStep.Says("done"));
        await using var home = new ClaudeHome();
        await using (var first = home.Start(script, "--session-id", Session))
        {
            await script.HangAsync(cancellationToken: TestContext.Current.CancellationToken);
            await first.SignalAsync("TERM");
            Assert.Equal(143, (await first.EndAsync(cancellationToken: TestContext.Current.CancellationToken)).ExitCode);
        }

        await using var second = home.Start(script, "--resume", Session);
        var ended = await second.EndAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(ended.ExitCode == 0, $"{ended}\n{script}");
        Assert.Equal("done", Assert.Single(ClaudeRun.Lines(ended, "result")).GetProperty("result").GetString());
        Assert.Equal([typeof(ModelReply), typeof(ModelHang), typeof(ModelReply)], script.Requests.Select(r => r.Step.GetType()));
    }

    [Fact]
    public async Task Ten_at_once_share_the_server()
    {
        var scripts = Enumerable.Range(0, 10).Select(_ => server.Register(WritesTheFile, ModelStep.Says("done"))).ToArray();

        await Task.WhenAll(scripts.Select(async script =>
        {
            await using var run = ClaudeRun.Start(script);
            var ended = await run.EndAsync();
            Assert.True(ended.ExitCode == 0, $"{ended}\n{script}");
            Assert.True(File.Exists(Path.Combine(run.Workspace, "hello.txt")));
            Assert.Equal(2, script.Requests.Count(r => !r.Auxiliary));
        }));
    }
}
