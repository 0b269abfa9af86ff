using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.Cli.Tests.Commands;

public sealed class RunCommandsTests
{
    private const string Id = Documents.Id;

    [Theory]
    [InlineData("cancel", "cancel", """{"reason":"enough"}""", "--reason", "enough")]
    [InlineData("pause", "pause", """{"reason":"lunch"}""", "--reason", "lunch")]
    [InlineData("resume", "resume", """{"reason":"quota raised"}""", "--reason", "quota raised")]
    [InlineData("terminate", "terminate", """{"reason":"enough"}""", "--reason", "enough")]
    [InlineData("kill", "terminate", "{}")]
    [InlineData("message", "messages", """{"text":"go on"}""", "go on")]
    [InlineData("retry", "retry", """{"maxTurns":5}""", "--max-turns", "5")]
    [InlineData("continue", "continue", """{"message":"now test it","budgetUsd":1.5}""", "--message", "now test it", "--budget", "1.5")]
    public async Task A_command_posts_its_request_to_the_run_and_prints_where_it_stands(string verb, string route, string body, params string[] args)
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.Accepted, "application/json", Documents.Run());
        var terminal = new TestTerminal();

        Assert.Equal(0, await terminal.RunAsync([verb, Id, .. args, "--server", server.Url, "-o", "table"]));

        var request = Assert.Single(server.Requests);
        Assert.Equal($"POST /api/v1/runs/{Id}/{route}", $"{request.Method} {request.Target}");
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(body), JsonElement.Parse(request.Body)), request.Body);
        Assert.Contains("Running 3/12 turns (model)", terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_what_the_server_said_word_for_word_and_the_default_where_nobody_looks()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "application/json", Documents.Run());
        TestTerminal asked = new(), piped = new();

        await asked.RunAsync(["show", Id, "--server", server.Url, "-o", "json"], interactive: true);
        await piped.RunAsync(["show", Id, "--server", server.Url]);

        Assert.Equal(Documents.Run() + Environment.NewLine, asked.Output);
        Assert.Equal(asked.Output, piped.Output);
    }

    [Fact]
    public async Task Show_tells_status_progress_numbers_and_that_they_are_incomplete()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "application/json", Documents.Run("Failed", text: "half done"));
        var terminal = new TestTerminal();

        Assert.Equal(0, await terminal.RunAsync(["show", Id, "--server", server.Url, "-o", "table"]));

        foreach (var expected in (string[])[Id, "Failed 3/12 turns", "some_reason: Because Failed.", "1,200 / –", "$0.0123", "lower bounds", "1m 01s", "2 (Bash 2)", "team=red", "half done", "Odd␛[31m."])
        {
            Assert.Contains(expected, terminal.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\u001b', terminal.Output);
    }

    [Fact]
    public async Task List_sends_its_filters_and_shows_a_run_a_line()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "application/json", $$"""{"items":[{{Documents.Run()}}],"nextCursor":"abc","total":41}""");
        var terminal = new TestTerminal();

        Assert.Equal(0, await terminal.RunAsync(["list", "--status", "Running", "--status", "Queued", "--label", "team=red", "--workflow", "demo", "--limit", "1", "--total", "true", "--server", server.Url, "-o", "table"]));

        Assert.Equal("/api/v1/runs?status=Running&status=Queued&label=team%3Ared&workflow=demo&limit=1&total=true", Assert.Single(server.Requests).Target);
        Assert.Single(terminal.Output.Split('\n'), line => line.Contains(Id, StringComparison.Ordinal));
        Assert.Contains("1 of 41; more: --cursor abc", terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Completed", 0)]
    [InlineData("Failed", 1)]
    [InlineData("Terminated", 1)]
    public async Task Waiting_for_a_result_asks_until_the_end_and_exits_by_how_it_ended(string status, int expected)
    {
        var asked = 0;
        await using var server = await RecordedServer.StartAsync(context =>
        {
            var active = Interlocked.Increment(ref asked) < 3;
            context.Response.StatusCode = active ? 409 : 200;
            return context.Response.WriteAsync(active ? """{"status":409,"code":"run_active","detail":"The run has not ended (Running)."}""" : Documents.Run(status, text: "the text"));
        });
        var terminal = new TestTerminal();

        Assert.Equal(expected, await terminal.RunAsync(["result", Id, "--wait", "--server", server.Url]));
        Assert.Equal(3, asked);
        Assert.Equal("the text", terminal.Output.Trim());
        Assert.All(server.Requests, request => Assert.Equal($"/api/v1/runs/{Id}/result?wait=30", request.Target));
    }

    [Fact]
    public async Task The_result_of_a_run_that_goes_on_is_a_conflict()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.Conflict, "application/problem+json", """{"status":409,"code":"run_active","detail":"The run has not ended (Running)."}""");

        Assert.Equal(4, await new TestTerminal().RunAsync(["result", Id, "--server", server.Url]));
    }

    [Fact]
    public async Task Cleanup_only_looks_unless_it_is_told_to_remove()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.BadRequest, "application/problem+json", "{}");

        Assert.Equal(2, await new TestTerminal().RunAsync(["cleanup", "--older-than", "7d", "--server", server.Url]));
        Assert.Equal(2, await new TestTerminal().RunAsync(["cleanup", Id, "--force", "--dry-run", "false", "--server", server.Url]));

        Assert.All(server.Requests, request => Assert.Equal(("POST", "/api/v1/cleanup"), (request.Method, request.Target)));
        var (looks, removes) = (JsonElement.Parse(server.Requests[0].Body), JsonElement.Parse(server.Requests[1].Body));
        Assert.Equal((true, 168, false), (looks.GetProperty("dryRun").GetBoolean(), looks.GetProperty("olderThanHours").GetDouble(), looks.GetProperty("force").GetBoolean()));
        Assert.Equal((false, Id, true), (removes.GetProperty("dryRun").GetBoolean(), removes.GetProperty("run").GetString(), removes.GetProperty("force").GetBoolean()));
    }
}
