using System.Net;
using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

public sealed class StartCommandTests
{
    private const string Refused = """{"status":400,"detail":"Refused.","code":"invalid"}""";

    [Fact]
    public async Task Every_option_reaches_the_request_and_nothing_else_does()
    {
        var request = await SentAsync(
            [
                "start", "implement", "--prompt", "-", "--input", """{"task":"x"}""", "--max-turns", "7", "--timeout", "1h30m", "--attempt-timeout", "10m", "--memory-limit", "1.5GB", "--queue-timeout", "90s", "--model", "opus",
                "--budget", "2.5", "--repository", "/srv/repo", "--branch", "b", "--base-branch", "main", "--queue", "fast", "--label", "team=red", "--label", "note=a=b", "--need", "docker", "--need", "gpu",
                "--env", "X=1", "--idempotency-key", "k-1",
            ],
            "do it");

        Assert.Equal("POST", request.Method);
        Assert.Equal("/api/v1/runs", request.Target);
        Assert.Equal("k-1", request.Headers["Idempotency-Key"]);
        Equal(
            """
            {"workflow":"implement","message":"do it","input":{"task":"x"},"maxTurns":7,"timeoutSeconds":5400,"attemptTimeoutSeconds":600,"memoryLimitBytes":1610612736,"queueTimeoutSeconds":90,"model":"opus","budgetUsd":2.5,
             "environment":{"X":"1"},"repository":"/srv/repo","baseBranch":"main","branch":"b","queue":"fast","needs":["docker","gpu"],"labels":{"team":"red","note":"a=b"}}
            """,
            request.Body);
    }

    [Fact]
    public async Task What_stands_behind_a_double_dash_is_the_program_of_an_ad_hoc_run() =>
        Equal(
            """{"agent":"command","command":["git","log","--follow","--","x"]}""",
            (await SentAsync(["start", "--agent", "command", "--", "git", "log", "--follow", "--", "x"])).Body);

    [Fact]
    public async Task A_directory_is_meant_from_where_the_caller_stands() =>
        Equal($$"""{"agent":"claude","message":"hi","directory":"{{Path.GetFullPath("sub")}}"}""", (await SentAsync(["start", "--agent", "claude", "-p", "hi", "--directory", "sub"])).Body);

    [Theory]
    [InlineData("--at", "2026-12-31T08:00:00+01:00", """{"workflow":"demo","startAt":"2026-12-31T08:00:00+01:00"}""")]
    [InlineData("--after", "1h30m", """{"workflow":"demo","startAfterSeconds":5400}""")]
    public async Task It_may_start_later(string option, string value, string body) =>
        Equal(body, (await SentAsync(["start", "demo", option, value])).Body);

    [Theory]
    [InlineData("2026-12-31T08:00:00")]
    [InlineData("2026-12-31")]
    [InlineData("tomorrow")]
    public async Task A_time_without_its_offset_is_refused(string time)
    {
        var terminal = new TestTerminal();
        Assert.Equal(2, await terminal.RunAsync(["start", "demo", "--at", time]));
        Assert.Contains("with its offset", terminal.Error, StringComparison.Ordinal);
        Assert.Equal(2, await new TestTerminal().RunAsync(["schedules", "create", "n", "demo", "--every", "1h", "--start-at", time]));
    }

    [Fact]
    public async Task Without_a_key_no_header_is_sent() =>
        Assert.DoesNotContain("Idempotency-Key", (await SentAsync(["start", "demo"])).Headers.Keys);

    private static void Equal(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)), actual);

    private static async Task<RecordedRequest> SentAsync(string[] args, string input = "")
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.BadRequest, "application/problem+json", Refused);
        Assert.Equal(2, await new TestTerminal().RunAsync([.. args[..1], "--server", server.Url, .. args[1..]], input));
        return Assert.Single(server.Requests);
    }
}
