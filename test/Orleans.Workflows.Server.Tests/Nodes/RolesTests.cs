using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>A server that takes requests, and another that runs agents.</summary>
public sealed class RolesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-roles-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_frontend_accepts_an_executor_runs_and_a_frontend_s_restart_does_not_disturb_it()
    {
        // Only the frontend has the workflow, and only the executor its credential.
        var workflow = Directory.CreateDirectory(Path.Combine(_directory, "workflows", "waits")).FullName;
        var go = Path.Combine(_directory, "go");
        await File.WriteAllTextAsync(Path.Combine(workflow, "workflow.yaml"), $$"""
            agent: command
            command: [/bin/sh, -c, 'test "$TOKEN" = secret || exit 3; while [ ! -e {{go}} ]; do sleep 0.05; done']
            credential: {fromEnv: ONLY_OF_THE_EXECUTOR, variable: TOKEN}
            """, Token);
        var front = await ServerProcess.StartAsync(Settings("front", "Frontend"), Token);
        RunId run;
        try
        {
            run = await front.StartRunAsync(new { workflow = "waits" }, Token);
            await ExplainAsync(front, run, "no node that runs agents is in touch");
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }

        await using var executor = await ServerProcess.StartAsync(Settings("worker", "Executor"), Token);
        var running = await front.UntilStatusAsync(run, "Running", Token);
        Assert.Equal("worker", running.GetProperty("node").GetString());
        Assert.Equal(0, (await front.StopAsync()).ExitCode);
        await front.DisposeAsync();

        await using var again = await ServerProcess.StartAsync(Settings("front", "Frontend"), Token);
        Assert.Equal("Running", (await again.ShowRunAsync(run, Token))!.Value.GetProperty("status").GetString());
        await NodesAsync(again);
        await File.WriteAllTextAsync(go, "", Token);
        var ended = await again.UntilEndedAsync(run, cancellationToken: Token);
        Assert.Equal(("Completed", 1, "worker"), (ended.GetProperty("status").GetString(), ended.GetProperty("attempts").GetInt32(), ended.GetProperty("node").GetString()));
    }

    [Theory]
    [InlineData("POST", "/api/v1/runs")]
    [InlineData("GET", "/api/v1/nodes")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/dashboard")]
    [InlineData("GET", "/")]
    public async Task An_executor_answers_health_and_says_where_to_ask_for_the_rest(string method, string path)
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Node:Role"] = "Executor" });
        foreach (var health in new[] { "live", "ready" })
        {
            using var healthy = await server.Http.GetAsync(new Uri($"/api/v1/health/{health}", UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
        }

        using var request = new HttpRequestMessage(new(method), path) { Content = method == "POST" ? JsonContent.Create(new { agent = "scripted" }) : null };
        using var answer = await server.Http.SendAsync(request, Token);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal((HttpStatusCode.MisdirectedRequest, "not_served_here"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains("Frontend", problem.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task NodesAsync(ServerProcess server)
    {
        var text = await server.Http.GetStringAsync(new Uri("/api/v1/nodes", UriKind.Relative), Token);
        Assert.Equal(["front: Frontend, 0", "worker: Executor, 10"], JsonElement.Parse(text).GetProperty("items").EnumerateArray().Select(node => $"{node.GetProperty("name")}: {node.GetProperty("role")}, {node.GetProperty("slots")}"));
    }

    private static async Task ExplainAsync(ServerProcess server, RunId run, string expected)
    {
        var text = "";
        await WaitFor.Value<object>(
            async cancellation =>
            {
                text = await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/explain", UriKind.Relative), cancellation);
                return text.Contains(expected, StringComparison.Ordinal) ? text : null;
            },
            () => text,
            TestTimeouts.Process,
            cancellationToken: Token);
    }

    private Dictionary<string, string> Settings(string node, string role)
    {
        var settings = new Dictionary<string, string>(ShortLeases.Settings(_directory, node, postgres.ConnectionString)) { ["Workflows__Node__Role"] = role };
        settings[role == "Executor" ? "ONLY_OF_THE_EXECUTOR" : "Workflows__Workflows__Directories__0"] = role == "Executor" ? "secret" : Path.Combine(_directory, "workflows");
        return settings;
    }
}
