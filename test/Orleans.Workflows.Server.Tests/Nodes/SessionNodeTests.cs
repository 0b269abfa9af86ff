using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Two server processes with disks of their own: a session is on one of them.</summary>
public sealed class SessionNodeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Done = """{"steps":[{"text":"on it"},{"result":"done"}]}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-session-").FullName;

    [Fact]
    public async Task A_continuation_runs_where_its_session_is_and_begins_anew_only_once_that_node_is_lost()
    {
        var token = TestContext.Current.CancellationToken;
        await using var a = await ServerProcess.StartAsync(Settings("a"), token);
        await using var b = await ServerProcess.StartAsync(Settings("b"), token);
        var run = await PostAsync(a.Http, "/api/v1/runs", new { agent = "scripted", message = Done });
        var (ended, _) = await EndAsync(a.Http, run);
        var node = ended.GetProperty("node").GetString()!;
        for (var i = 0; i < 4; i++)
        {
            run = await PostAsync(a.Http, $"/api/v1/runs/{run}/continue", new { message = Done });
            (ended, _) = await EndAsync(a.Http, run);
            Assert.Equal(("Completed", node), (ended.GetProperty("status").GetString(), ended.GetProperty("node").GetString()));
        }

        var (lost, left) = node == "a" ? (a, b) : (b, a);
        await lost.KillAsync();
        var text = "";
        run = await WaitFor.Value(
            async cancellation =>
            {
                // 503 until the cluster knows that the silo is dead.
                using var answer = await left.Http.PostAsJsonAsync(new Uri($"/api/v1/runs/{run}/continue", UriKind.Relative), new { message = Done }, cancellation);
                text = await answer.Content.ReadAsStringAsync(cancellation);
                return answer.IsSuccessStatusCode ? JsonElement.Parse(text).GetProperty("id").GetString() : null;
            },
            () => text,
            TestTimeouts.Process,
            cancellationToken: token);
        Assert.Contains($"on node {node}", text, StringComparison.Ordinal);
        (ended, var events) = await EndAsync(left.Http, run);
        Assert.Equal("Completed", ended.GetProperty("status").GetString());
        Assert.NotEqual(node, ended.GetProperty("node").GetString());
        Assert.Contains($"Node {node}, which holds its session and workspace, is lost: it begins anew.", events, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<string> PostAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    private static async Task<(JsonElement Run, string Events)> EndAsync(HttpClient http, string run)
    {
        var last = "";
        await WaitFor.Value<object>(
            async cancellation =>
            {
                using var answer = await http.GetAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative), cancellation);
                last = await answer.Content.ReadAsStringAsync(cancellation);
                return answer.IsSuccessStatusCode && JsonElement.Parse(last).GetProperty("endedAt").ValueKind != JsonValueKind.Null ? last : null;
            },
            () => last,
            TestTimeouts.Process,
            cancellationToken: TestContext.Current.CancellationToken);
        return (JsonElement.Parse(last), await http.GetStringAsync(new Uri($"/api/v1/runs/{run}/events?limit=1000", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private Dictionary<string, string> Settings(string node) => new(ShortLeases.Settings(_directory, node, postgres.ConnectionString))
    {
        ["Workflows__Admission__PollWait"] = "00:00:02",
        ["Workflows__Admission__HealPeriod"] = "00:00:01",
    };
}
