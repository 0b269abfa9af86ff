using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>A server process is killed while its agents work; the next one on its state directory goes on with them.</summary>
public sealed class AdoptionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const int Lines = 200;
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-adopt-").FullName;

    private string Journal => Path.Combine(_directory, "journal");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_server_s_agent_is_adopted_with_all_its_output_and_not_started_again(bool onPostgres)
    {
        var settings = Settings(onPostgres ? postgres.ConnectionString : null);
        string run;
        await using (var first = await StartServerAsync(settings))
        {
            run = await StartRunAsync(first.Http, Script());
            await WaitFor.Condition(() => File.Exists(InDirectory("at-work")), () => run, TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
            await first.KillAsync();
        }

        // The agent goes on with nobody there to read it.
        await File.WriteAllTextAsync(InDirectory("go-on"), "", TestContext.Current.CancellationToken);
        await WaitFor.Condition(() => File.Exists(InDirectory("said-all")), () => run, TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await StartServerAsync(settings);
        await EndsAsync(second.Http, run);
        await JudgeAsync(second.Http, run);
    }

    [Theory]
    [InlineData("n")]
    [InlineData("renamed")]
    public async Task An_agent_that_ended_while_no_server_was_there_is_read_to_its_end(string nodeThen)
    {
        var settings = Settings(null);
        settings["Workflows__Execution__Node"] = "n";
        string run;
        await using (var first = await StartServerAsync(settings))
        {
            run = await StartRunAsync(first.Http, Script(last: """,{"exit":0}"""));
            await WaitFor.Condition(() => File.Exists(InDirectory("at-work")), () => run, TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
            await first.KillAsync();
        }

        await File.WriteAllTextAsync(InDirectory("go-on"), "", TestContext.Current.CancellationToken);
        await WaitFor.Condition(() => SupervisorProcess.HasEnded(InDirectory("state"), RunId.Parse(run)), () => run, TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
        settings["Workflows__Execution__Node"] = nodeThen;
        await using var second = await StartServerAsync(settings);
        await EndsAsync(second.Http, run);
        await JudgeAsync(second.Http, run);
    }

    [Fact]
    public async Task What_an_adopted_agent_says_of_its_secrets_is_not_kept_with_the_run()
    {
        const string secret = "tell-nobody-4711";
        var workflow = Directory.CreateDirectory(InDirectory("workflows/telling")).FullName;
        await File.WriteAllTextAsync(InDirectory("secret"), secret, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(InDirectory("secret"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(workflow, "workflow.yaml"), $$"""
            agent: command
            command: [/bin/sh, -c, "touch {{InDirectory("at-work")}}; while [ ! -e {{InDirectory("go-on")}} ]; do sleep 0.05; done; echo it is $TOKEN >&2; exit 1"]
            environment: {TOKEN: {fromFile: {{InDirectory("secret")}} } }
            retry: {maximumAttempts: 1}
            """, TestContext.Current.CancellationToken);
        var settings = Settings(null);
        settings["Workflows__Workflows__Directories__0"] = InDirectory("workflows");
        string run;
        await using (var first = await StartServerAsync(settings))
        {
            var response = await first.Http.PostAsJsonAsync("/api/v1/runs", new { workflow = "telling" }, TestContext.Current.CancellationToken);
            run = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!;
            await WaitFor.Condition(() => File.Exists(InDirectory("at-work")), () => run, TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
            await first.KillAsync();
        }

        await using var second = await StartServerAsync(settings);
        await File.WriteAllTextAsync(InDirectory("go-on"), "", TestContext.Current.CancellationToken);
        await EndsAsync(second.Http, run);
        var shown = await second.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        Assert.Contains("it is [redacted]", JsonElement.Parse(shown).GetProperty("result").GetProperty("stderrTail").GetString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task JudgeAsync(HttpClient http, string run)
    {
        var shown = JsonElement.Parse(await http.GetStringAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative)));
        Assert.True(shown.GetProperty("status").GetString() == "Completed", shown.GetRawText());
        Assert.Equal(1, Assert.Single(AgentJournal.Read(Journal).Starts).Value);
        var attempts = JsonElement.Parse(await http.GetStringAsync(new Uri($"/api/v1/runs/{run}/attempts", UriKind.Relative))).GetProperty("items");
        Assert.Equal(1, attempts.GetArrayLength());

        // Every byte, and every message exactly once in its order.
        var spool = await File.ReadAllTextAsync(Path.Combine(_directory, "state", "attempts", $"{Guid.Parse(run):N}-1", "stdout"));
        Assert.Equal(spool, await http.GetStringAsync(new Uri($"/api/v1/runs/{run}/transcript", UriKind.Relative)));
        var events = JsonElement.Parse(await http.GetStringAsync(new Uri($"/api/v1/runs/{run}/events?limit=1000", UriKind.Relative))).GetProperty("items").EnumerateArray();
        var said = events.Where(item => item.GetProperty("type").GetString() == "agent_message" && item.TryGetProperty("text", out _)).Select(item => item.GetProperty("text").GetString());
        Assert.Equal([.. Numbered("before"), .. Numbered("after")], said);
        Assert.Equal(2 * Lines + 2, shown.GetProperty("turns").GetInt32());
    }

    private static IEnumerable<string> Numbered(string what) => Enumerable.Range(0, Lines).Select(number => $"{what} {number}");

    private string InDirectory(string name) => Path.Combine(_directory, name);

    /// <summary>Says half of its lines, waits until it may go on, says the other half and that it has.</summary>
    private string Script(string last = "")
    {
        var before = string.Join(",", Numbered("before").Select(text => $$"""{"text":"{{text}}"}"""));
        var after = string.Join(",", Numbered("after").Select(text => $$"""{"text":"{{text}}"}"""));
        return $$"""
            {"steps":[{{before}},
            {"tool":"Bash","input":{},"run":"touch {{InDirectory("at-work")}}; while [ ! -e {{InDirectory("go-on")}} ]; do sleep 0.05; done"},
            {{after}},{"tool":"Bash","input":{},"run":"touch {{InDirectory("said-all")}}"},{"result":"done"}{{last}}]}
            """;
    }

    private async Task<string> StartRunAsync(HttpClient http, string script)
    {
        var response = await http.PostAsJsonAsync("/api/v1/runs", new { agent = "scripted", message = script, environment = new Dictionary<string, string> { [AgentJournal.Variable] = Journal } });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        return JsonElement.Parse(body).GetProperty("id").GetString()!;
    }

    private static async Task EndsAsync(HttpClient http, string run)
    {
        var result = await http.GetAsync(new Uri($"/api/v1/runs/{run}/result?wait=60", UriKind.Relative));
        if (result.StatusCode != HttpStatusCode.OK)
        {
            Assert.Fail($"{await result.Content.ReadAsStringAsync()}\n{await http.GetStringAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative))}");
        }
    }

    private Dictionary<string, string> Settings(string? connectionString)
    {
        var settings = new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"),
            ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
        };
        if (connectionString is not null)
        {
            settings["Workflows__Database__Provider"] = "postgresql";
            settings["Workflows__Database__ConnectionString"] = connectionString;
        }

        return settings;
    }

    private static Task<ServerProcess> StartServerAsync(Dictionary<string, string> settings) => ServerProcess.StartAsync(settings, TestContext.Current.CancellationToken);
}
