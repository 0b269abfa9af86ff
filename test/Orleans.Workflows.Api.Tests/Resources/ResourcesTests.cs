using System.Text.Json;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Resources;

[Collection(ServerCollection.Name)]
public sealed class ResourcesTests(ServerFixture server)
{
    [Fact]
    public async Task Workflows_are_listed_with_the_problems_of_broken_ones()
    {
        var list = (await server.PostAsync("/workflows/reload")).Json;
        var names = list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()).ToArray();
        Assert.Contains("demo", names);
        Assert.Contains("typed", names);
        var problem = list.GetProperty("problems").EnumerateArray().Single(item => item.GetProperty("workflow").GetString() == "broken");
        Assert.Equal(2, problem.GetProperty("line").GetInt32());
        Assert.Contains("maxTurns", problem.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal((await server.GetAsync("/workflows")).Body, list.GetRawText());

        var typed = (await server.GetAsync("/workflows/typed")).Json;
        Assert.Equal("branch", typed.GetProperty("inputSchema").GetProperty("required")[0].GetString());
        Assert.Equal(1_800_000, typed.GetProperty("timeoutMs").GetInt64());
    }

    [Fact]
    public async Task A_queues_limit_is_set_lifted_and_shown()
    {
        var queue = $"q-{Guid.NewGuid():N}"[..20];
        Assert.Equal(3, (await server.SendAsync(HttpMethod.Put, $"/queues/{queue}", """{"limit":3}""")).Json.GetProperty("limit").GetInt32());
        Assert.Contains(queue, (await server.GetAsync("/queues")).Body, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await server.SendAsync(HttpMethod.Put, $"/queues/{queue}", """{"limit":null}""")).Json.GetProperty("limit").ValueKind);
    }

    [Fact]
    public async Task A_waiting_run_shows_its_place_and_what_it_waits_for()
    {
        var queue = $"q-{Guid.NewGuid():N}"[..20];
        await server.SendAsync(HttpMethod.Put, $"/queues/{queue}", """{"limit":1}""");
        var body = ScriptedRun.Body("""{"text":"up"},{"hang":true}""", run => run["queue"] = queue);
        var first = (await server.PostAsync("/runs", body)).Text("id")!;
        await server.EventAsync(first, "agent_message");
        var second = (await server.PostAsync("/runs", body)).Text("id")!;
        var shown = await WaitFor.Value(
            async _ => await server.GetAsync($"/runs/{second}") is var reply && reply.Json.GetProperty("position").ValueKind == JsonValueKind.Number ? reply : null,
            () => second,
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, shown.Json.GetProperty("position").GetInt32());
        Assert.False(string.IsNullOrEmpty(shown.Text("waitsFor")));
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{second}/cancel")).Status);
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{first}/terminate")).Status);
    }

    [Fact]
    public async Task Totals_count_ended_runs()
    {
        var run = (await server.PostAsync("/runs", """{"workflow":"demo","message":"count me"}""")).Text("id")!;
        await server.EndAsync(run);
        var demo = (await server.GetAsync("/metrics/totals")).Json.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("workflow").GetString() == "demo");
        Assert.True(demo.GetProperty("runs").GetProperty("Completed").GetInt64() >= 1);
        Assert.True(demo.GetProperty("usage").GetProperty("inputTokens").GetInt64() > 0);
    }

    [Fact]
    public async Task The_server_is_live_and_ready()
    {
        Assert.Equal("live", (await server.GetAsync("/health/live")).Text("status"));
        Assert.Equal("ready", (await server.GetAsync("/health/ready")).Text("status"));
    }

    [Fact]
    public async Task Clean_up_is_a_dry_run_unless_asked_and_then_removes()
    {
        var run = (await server.PostAsync("/runs", ScriptedRun.Body("""{"writeFile":"a.txt","text":"x"},{"result":"done"}"""))).Text("id")!;
        await server.EndAsync(run);
        var dry = (await server.PostAsync("/cleanup", $$"""{"run":"{{run}}"}""")).Json;
        Assert.True(dry.GetProperty("dryRun").GetBoolean());
        var removed = Assert.Single(dry.GetProperty("runs").EnumerateArray()).GetProperty("removed")[0].GetString()!;
        Assert.True(Directory.Exists(removed));
        Assert.Equal(200, (int)(await server.PostAsync("/cleanup", $$"""{"run":"{{run}}","dryRun":false}""")).Status);
        Assert.False(Directory.Exists(removed));
    }

    [Fact]
    public async Task A_clean_up_of_attempts_frees_the_spools_of_ended_runs_and_keeps_those_of_running_ones_and_all_that_was_said()
    {
        var ended = (await server.PostAsync("/runs", ScriptedRun.Body("""{"text":"said"},{"result":"done"}"""))).Text("id")!;
        await server.EndAsync(ended);
        var running = (await server.PostAsync("/runs", ScriptedRun.Body("""{"text":"up"},{"hang":true}"""))).Text("id")!;
        await server.EventAsync(running, "agent_message");
        var said = (await server.GetAsync($"/runs/{ended}/transcript")).Body;

        var dry = Assert.Single((await CleanAsync(ended, dryRun: true)).GetProperty("removed").EnumerateArray()).GetString()!;
        Assert.True(Directory.Exists(dry));
        var kept = Assert.Single((await CleanAsync(running, dryRun: false)).GetProperty("kept").EnumerateArray()).GetProperty("item").GetString()!;
        Assert.True(File.Exists(Path.Combine(kept, "stdout")));
        Assert.Equal(dry, Assert.Single((await CleanAsync(ended, dryRun: false)).GetProperty("removed").EnumerateArray()).GetString());
        Assert.False(Directory.Exists(dry));
        Assert.Contains("said", said, StringComparison.Ordinal);
        Assert.Equal(said, (await server.GetAsync($"/runs/{ended}/transcript")).Body);
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{running}/terminate")).Status);

        async Task<JsonElement> CleanAsync(string run, bool dryRun) =>
            Assert.Single((await server.PostAsync("/cleanup", $$"""{"run":"{{run}}","attempts":true,"dryRun":{{(dryRun ? "true" : "false")}}}""")).Json.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task A_clean_up_keeps_what_a_waiting_continuation_goes_on_with()
    {
        var queue = $"q-{Guid.NewGuid():N}"[..20];
        await server.SendAsync(HttpMethod.Put, $"/queues/{queue}", """{"limit":1}""");
        var first = (await server.PostAsync("/runs", ScriptedRun.Body("""{"writeFile":"a.txt","text":"x"},{"result":"done"}""", run => run["queue"] = queue))).Text("id")!;
        var workspace = (await server.EndAsync(first)).Json.GetProperty("result").GetProperty("workspace").GetString()!;
        var holder = (await server.PostAsync("/runs", ScriptedRun.Body("""{"text":"up"},{"hang":true}""", run => run["queue"] = queue))).Text("id")!;
        await server.EventAsync(holder, "agent_message");
        var next = (await server.PostAsync($"/runs/{first}/continue", """{"message":"{\"steps\":[{\"result\":\"done\"}]}"}""")).Text("id")!;

        var cleaned = Assert.Single((await server.PostAsync("/cleanup", $$"""{"run":"{{first}}","dryRun":false,"force":true}""")).Json.GetProperty("runs").EnumerateArray());

        Assert.Equal(0, cleaned.GetProperty("removed").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(workspace, "a.txt")));
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{holder}/terminate")).Status);
        Assert.Equal("Completed", (await server.EndAsync(next)).Text("status"));
    }

    [Fact]
    public async Task A_clean_up_keeps_what_an_agent_works_in_of_which_the_database_knows_nothing()
    {
        var run = RunId.New(TimeProvider.System);
        var workspace = Directory.CreateDirectory(Path.Combine(server.StateDirectory, "workspaces", run.ToString(), "1")).FullName;
        await File.WriteAllTextAsync(workspace + ".json", $$"""{"run":"{{run}}","attempt":1,"kind":"temporary","directory":"{{workspace}}","ready":true}""", TestContext.Current.CancellationToken);
        var attempt = Directory.CreateDirectory(Path.Combine(server.StateDirectory, "attempts", $"{run.Value:N}-1")).FullName;
        var held = Path.Combine(attempt, "held");
        // What a supervisor holds while it lives.
        await using (RunningProgram.Start("flock", [attempt, "sh", "-c", $"touch {held}; exec sleep 600"]))
        {
            await WaitFor.Condition(() => File.Exists(held), () => held, cancellationToken: TestContext.Current.CancellationToken);
            await server.PostAsync("/cleanup", """{"dryRun":false,"olderThanHours":0}""");
            Assert.True(Directory.Exists(workspace));
        }

        await server.PostAsync("/cleanup", """{"dryRun":false,"olderThanHours":0}""");
        Assert.False(Directory.Exists(workspace));
        Directory.Delete(attempt, recursive: true);
    }

    [Fact]
    public async Task The_dashboard_lists_the_grains_after_a_run()
    {
        await server.EndAsync(await server.StartAsync(ScriptedRun.Short));
        await server.GetAsync("/metrics/totals");
        Assert.Equal(200, (int)(await server.Http.GetAsync(new Uri("/dashboard/", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        var seen = "";
        await WaitFor.Value(
            async cancellation =>
            {
                seen = await server.Http.GetStringAsync(new Uri("/dashboard/DashboardCounters", UriKind.Relative), cancellation);
                return new[] { "WorkflowGrain", "ExecutorGrain", "MetricsGrain" }.All(grain => seen.Contains(grain, StringComparison.Ordinal)) ? seen : null;
            },
            () => seen,
            TestTimeouts.Process,
            cancellationToken: TestContext.Current.CancellationToken);
    }
}
