using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Two server processes with different labels on one PostgreSQL.</summary>
public sealed class NodeLabelsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-labels-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_waits_for_a_node_with_what_it_needs_and_starts_when_that_one_joins()
    {
        RunId needy;
        await using (var first = await ServerProcess.StartAsync(Settings("plain", "linux"), Token))
        {
            needy = await first.StartRunAsync(Body("docker", "gpu"), Token);
            var behind = await first.StartRunAsync(Body("linux"), Token);
            Assert.Equal(("Completed", "plain"), Place(await first.UntilEndedAsync(behind, cancellationToken: Token)));
            await ExplainAsync(first, needy);
            await first.KillAsync();
        }

        // What it needs is in the ledger.
        await using var plain = await ServerProcess.StartAsync(Settings("plain", "linux"), Token);
        await ExplainAsync(plain, needy);
        Assert.Equal("Queued", (await plain.ShowRunAsync(needy, Token))!.Value.GetProperty("status").GetString());

        await using var able = await ServerProcess.StartAsync(Settings("able", "gpu, docker,linux"), Token);
        var ended = await plain.UntilEndedAsync(needy, cancellationToken: Token);
        Assert.Equal(("Completed", "able"), Place(ended));
        Assert.Equal(["docker", "gpu"], ended.GetProperty("needs").EnumerateArray().Select(need => need.GetString()));
        var nodes = JsonElement.Parse(await plain.Http.GetStringAsync(new Uri("/api/v1/nodes", UriKind.Relative), Token)).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["able: docker,gpu,linux", "plain: linux"], nodes.Select(node => $"{node.GetProperty("name")}: {string.Join(',', node.GetProperty("labels").EnumerateArray())}"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task ExplainAsync(ServerProcess server, RunId run)
    {
        var text = "";
        await WaitFor.Value<object>(
            async cancellation =>
            {
                text = await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/explain", UriKind.Relative), cancellation);
                return text.Contains("it needs a node with docker, gpu, and none has docker, gpu (plain lacks docker, gpu)", StringComparison.Ordinal) ? text : null;
            },
            () => text,
            TestTimeouts.Process,
            cancellationToken: Token);
        var cause = Assert.Single(JsonElement.Parse(text).GetProperty("wait").GetProperty("causes").EnumerateArray());
        Assert.Equal("Needs", cause.GetProperty("kind").GetString());
        Assert.Equal(["docker", "gpu"], cause.GetProperty("missing").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal("plain", Assert.Single(cause.GetProperty("nodes").EnumerateArray()).GetProperty("node").GetString());
    }

    private static (string? Status, string? Node) Place(JsonElement run) => (run.GetProperty("status").GetString(), run.GetProperty("node").GetString());

    private static object Body(params string[] needs) => new { agent = "scripted", message = """{"steps":[{"result":"done"}]}""", needs };

    private Dictionary<string, string> Settings(string node, string labels) => new(ShortLeases.Settings(_directory, node, postgres.ConnectionString))
    {
        ["Workflows__Node__Labels"] = labels,
        ["Workflows__Admission__PollWait"] = "00:00:02",
        ["Workflows__Admission__HealPeriod"] = "00:00:01",
    };
}
