using System.Net;
using System.Net.Sockets;

namespace Orleans.Workflows.Cli.Tests;

public sealed class ExitCodesTests
{
    private const string Run = "0199c0de-0000-7000-8000-000000000001";

    [Theory]
    [InlineData(400, 2)]
    [InlineData(413, 2)]
    [InlineData(422, 2)]
    [InlineData(404, 3)]
    [InlineData(409, 4)]
    [InlineData(429, 5)]
    [InlineData(500, 5)]
    [InlineData(503, 5)]
    public async Task A_refusal_says_what_field_remedy_and_correlation_id_and_its_kind_is_the_exit_code(int status, int expected)
    {
        await using var server = await RecordedServer.StartAsync((HttpStatusCode)status, "application/problem+json", $$"""
            {"type":"about:blank","title":"Refused","status":{{status}},"detail":"'maxTurns' is 0.","code":"invalid","field":"maxTurns","remedy":"Choose 1 to 1000.","correlationId":"c-42"}
            """);
        var terminal = new TestTerminal();

        var code = await terminal.RunAsync(["start", "demo", "--server", server.Url]);

        Assert.Equal(expected, code);
        Assert.Equal(
            ["error: 'maxTurns' is 0. [invalid]", "field: maxTurns", "remedy: Choose 1 to 1000.", "correlation id: c-42"],
            terminal.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(terminal.Output);
    }

    [Fact]
    public async Task A_refusal_that_is_no_problem_document_still_says_the_status()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.BadGateway, "text/html", "<html>");
        var terminal = new TestTerminal();

        Assert.Equal(5, await terminal.RunAsync(["show", Run, "--server", server.Url]));
        Assert.Contains("502", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_that_answers_is_not_taken_for_the_service()
    {
        await using var server = await RecordedServer.StartAsync(HttpStatusCode.OK, "text/html", "<html>hello</html>");
        var terminal = new TestTerminal();

        Assert.Equal(5, await terminal.RunAsync(["show", Run, "--server", server.Url]));
        Assert.Contains("not understood", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_the_server_is_named_and_how_to_start_one()
    {
        var url = UnusedUrl();
        var terminal = new TestTerminal();

        Assert.Equal(5, await terminal.RunAsync(["list"], variables: new Dictionary<string, string> { ["WORKFLOWS_SERVER"] = url }));
        Assert.Contains(url, terminal.Error, StringComparison.Ordinal);
        Assert.Contains("workflows server", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_is_130()
    {
        var asked = new TaskCompletionSource();
        await using var server = await RecordedServer.StartAsync(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var code = new TestTerminal { Interrupt = interrupt.Token }.RunAsync(["show", Run, "--server", server.Url]);
        await asked.Task;
        await interrupt.CancelAsync();

        Assert.Equal(130, await code);
    }

    private static string UnusedUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
    }
}
