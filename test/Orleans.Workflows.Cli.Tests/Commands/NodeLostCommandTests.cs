using System.Net;
using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

public sealed class NodeLostCommandTests
{
    private const string Answer = $$$"""
        {"node":{"name":"n 1","status":"Lost","slots":4,"running":1,"startedAt":"2026-01-31T08:00:00Z","lastSeenAt":"2026-01-31T08:00:00Z","leaseUntil":"2026-01-31T08:01:00Z",
         "loss":{"at":"2026-01-31T09:00:00Z","caller":"ann","reason":"it burnt"}},
         "taken":["{{{Documents.Id}}}"],"leaked":["0199c0de-0000-7000-8000-000000000002"],"pending":[]}
        """;

    [Theory]
    [InlineData(false, "", "--yes")]
    [InlineData(true, "n 1\n")]
    public async Task A_confirmed_word_is_sent_with_who_and_why_and_what_became_of_the_runs_is_told(bool interactive, string input, params string[] more)
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "application/json", Answer);
        var terminal = new TestTerminal();

        Assert.Equal(0, await terminal.RunAsync(["nodes", "lost", "n 1", "--reason", "it burnt", .. more, "--server", server.Url, "-o", "table"], input, interactive, new Dictionary<string, string> { ["SUDO_USER"] = "ann" }));

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /api/v1/nodes/n%201/lost", $"{request.Method} {request.Target}");
        Assert.Equal("ann", request.Headers["X-Caller"]);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"machineIsOff":true,"reason":"it burnt"}"""), JsonElement.Parse(request.Body)), request.Body);
        Assert.Contains("node n 1 was declared lost by ann; 1 runs go on elsewhere", terminal.Output, StringComparison.Ordinal);
        Assert.Contains($"taken   {Documents.Id}", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("leaked  0199c0de-0000-7000-8000-000000000002  stays open: 'workflows release' it", terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "n1\n")]
    [InlineData(true, "y\n")]
    [InlineData(true, "")]
    public async Task Without_a_confirmation_nothing_is_asked_of_the_server(bool interactive, string input)
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "application/json", Answer);
        var terminal = new TestTerminal();

        Assert.Equal(2, await terminal.RunAsync(["nodes", "lost", "n1", "--reason", "it burnt", "--server", server.Url], input, interactive));

        Assert.Empty(server.Requests);
        Assert.Contains("nothing was changed", terminal.Error, StringComparison.Ordinal);
        Assert.Contains("--yes", terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("carol", "ann", "carol")]
    [InlineData("", "ann", "ann")]
    [InlineData("", "Ann Smith", null)]
    public async Task A_request_says_whose_it_is(string given, string before, string? expected)
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "application/json", """{"items":[]}""");
        var terminal = new TestTerminal();

        await terminal.RunAsync(["nodes", "--server", server.Url], variables: new Dictionary<string, string> { ["WORKFLOWS_CALLER"] = given, ["SUDO_USER"] = before });

        Assert.Equal(expected, Assert.Single(server.Requests).Headers.GetValueOrDefault("X-Caller"));
    }
}
