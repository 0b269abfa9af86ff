using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Two server processes with roots of their own; an operator says of one that it never returns, long before anybody could know.</summary>
public sealed class DeclaredLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-declared-").FullName;

    [Fact]
    public async Task A_node_that_lives_is_not_declared_lost_and_the_runs_of_one_that_does_not_go_on_at_once()
    {
        var token = TestContext.Current.CancellationToken;
        var started = Path.Combine(_directory, "started");
        await using var first = await ServerProcess.StartAsync(Settings("a"), token);
        var script = $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"[ -e {{started}} ] || { touch {{started}}; sleep 600; }"},{"result":"done"}]}""";
        using var accepted = await first.Http.PostAsJsonAsync("/api/v1/runs", new { agent = "scripted", message = script }, token);
        var run = JsonElement.Parse(await accepted.Content.ReadAsStringAsync(token)).GetProperty("id").GetString()!;
        await WaitFor.Condition(() => File.Exists(started), () => run, TestTimeouts.Process, cancellationToken: token);
        await using var second = await ServerProcess.StartAsync(Settings("b"), token);
        Assert.Equal((HttpStatusCode.Conflict, "node_alive"), await DeclareAsync(second.Http, "a"));
        Assert.Equal((HttpStatusCode.Conflict, "node_alive"), await DeclareAsync(second.Http, "b"));
        Assert.Equal((HttpStatusCode.NotFound, "node_not_found"), await DeclareAsync(second.Http, "c"));

        await first.KillAsync();
        var said = "";
        await WaitFor.Value<object>(
            async _ =>
            {
                // Refused while the cluster or the node's lease count it as alive.
                (var status, said) = await DeclareAsync(second.Http, "a");
                Assert.True(status is HttpStatusCode.OK || said == "node_alive" || status is HttpStatusCode.ServiceUnavailable, said);
                return status is HttpStatusCode.OK ? said : null;
            },
            () => said,
            TestTimeouts.Process,
            cancellationToken: token);
        using var shown = await WaitFor.Value(
            async cancellation =>
            {
                using var answer = await second.Http.GetAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative), cancellation);
                var found = answer.IsSuccessStatusCode ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)) : null;
                return found?.RootElement.GetProperty("status").GetString() == "Completed" ? found : null;
            },
            () => run,
            TestTimeouts.Process,
            cancellationToken: token);
        var (again, _) = await DeclareAsync(second.Http, "a", "bob");
        Assert.Equal(HttpStatusCode.OK, again);

        var attempt = (await ItemsAsync(second.Http, $"/api/v1/runs/{run}/attempts"))[0];
        Assert.Equal("node_lost", attempt.GetProperty("reason").GetProperty("code").GetString());
        Assert.Contains("was declared lost by ann (it burnt)", attempt.GetProperty("reason").GetProperty("text").GetString(), StringComparison.Ordinal);
        var audit = Assert.Single(await ItemsAsync(second.Http, $"/api/v1/runs/{run}/audit"), item => item.GetProperty("action").GetString() == "node_lost");
        Assert.Equal(("ann", "it burnt"), (audit.GetProperty("caller").GetString(), audit.GetProperty("details").GetString()));
        var node = Assert.Single(await ItemsAsync(second.Http, "/api/v1/nodes"), item => item.GetProperty("name").GetString() == "a");
        Assert.Equal(("Lost", "ann", 0), (node.GetProperty("status").GetString(), node.GetProperty("loss").GetProperty("caller").GetString(), node.GetProperty("running").GetInt32()));

        // It comes back after all: the word was about the process before.
        await using var back = await ServerProcess.StartAsync(Settings("a"), token);
        node = Assert.Single(await ItemsAsync(back.Http, "/api/v1/nodes"), item => item.GetProperty("name").GetString() == "a");
        Assert.Equal(("Active", JsonValueKind.Null), (node.GetProperty("status").GetString(), node.GetProperty("loss").ValueKind));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The status, and the code of a refusal or else the document.</summary>
    private static async Task<(HttpStatusCode Status, string Said)> DeclareAsync(HttpClient http, string node, string caller = "ann")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/nodes/{node}/lost") { Content = JsonContent.Create(new { machineIsOff = true, reason = "it burnt" }) };
        request.Headers.Add("X-Caller", caller);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonElement.Parse(text).TryGetProperty("code", out var code) ? code.GetString()! : text);
    }

    private static async Task<JsonElement[]> ItemsAsync(HttpClient http, string path) =>
        [.. JsonElement.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).GetProperty("items").EnumerateArray()];

    // Nobody would take over within the test by itself.
    private Dictionary<string, string> Settings(string node) => new(ShortLeases.Settings(_directory, node, postgres.ConnectionString)) { ["Workflows__Execution__AdoptionWindow"] = "01:00:00" };
}
