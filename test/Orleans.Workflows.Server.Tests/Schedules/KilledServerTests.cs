using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Schedules;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Schedules;

/// <summary>A server process is killed the moment a schedule is due, again and again; what was due meanwhile is caught up.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const int IntervalSeconds = 2;
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-due-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_due_time_starts_exactly_one_run_although_the_server_is_killed_at_it()
    {
        var settings = new Dictionary<string, string> { ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"), ["Workflows__Execution__Slots"] = "0" };
        long[] delays = [0, 4, 20];
        DateTimeOffset first = default;
        foreach (var delay in delays)
        {
            await using var server = await ServerProcess.StartAsync(settings, Token);
            if (first == default)
            {
                var created = await PutAsync(server);
                first = Times(created)[0];
            }

            var due = Times(await ShowAsync(server))[0].AddMilliseconds(delay);
            await WaitFor.Condition(() => TimeProvider.System.GetUtcNow() >= due, () => $"{due}", TestTimeouts.Process, cancellationToken: Token);
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(settings, Token);
        var until = TimeProvider.System.GetUtcNow();
        var schedule = await WaitFor.Value<object>(
            async _ => await ShowAsync(last) is var shown && shown.GetProperty("recentActions") is var recent && recent.GetArrayLength() > 0
                && recent[0].GetProperty("dueAt").GetDateTimeOffset() >= until ? shown : null,
            () => "It does not catch up.",
            TestTimeouts.Process,
            cancellationToken: Token);
        using (await last.Http.PostAsync(new Uri("/api/v1/schedules/often/pause", UriKind.Relative), null, Token))
        {
        }

        // Each run's correlation id ends with its due time.
        var dues = await DueTimesAsync(last);

        // On a slow machine the first one is due before the schedule's answer is there.
        var begin = dues.Min();
        Assert.True(begin <= first.ToUnixTimeMilliseconds());
        var expected = Enumerable.Range(0, dues.Count).Select(n => begin + (n * IntervalSeconds * 1_000L));
        Assert.Equal(expected, dues.Order());
        var end = await ShowAsync(last);
        Assert.Equal((dues.Count, 0, 0, 0), (end.GetProperty("started").GetInt32(), end.GetProperty("skipped").GetInt32(), end.GetProperty("missed").GetInt32(), end.GetProperty("failed").GetInt32()));
        TestContext.Current.TestOutputHelper?.WriteLine($"{dues.Count} due times, {delays.Length} kills; {schedule}");
    }

    [Fact]
    public async Task A_reminder_alone_finds_what_is_due_after_a_restart()
    {
        var settings = new Dictionary<string, string> { ["Runs:ReminderPeriod"] = "00:00:02", ["Execution:Slots"] = "0" };
        var run = new ScheduleRequest { Spec = new() { IntervalSeconds = 1 }, Run = new() { Agent = "scripted", Message = "do" }, Overlap = OverlapPolicy.AllowAll };
        var server = await WorkflowsServer.StartAsync(settings, directory: _directory);
        var schedules = (ScheduleStore)server.Services.GetService(typeof(ScheduleStore))!;
        Assert.True((await schedules.PutAsync("alone", run, onlyNew: true)).Created);
        await StartedAsync(server, 1);
        await server.StopAsync();

        server = await WorkflowsServer.StartAsync(settings, directory: _directory, off: Watchers.Schedules);
        var before = (await server.Ledger.ReadScheduleAsync("alone", Token))!.Started;
        await StartedAsync(server, before + 1);
        await server.StopAsync();
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>From the ledger: whoever asked the grain would wake it.</summary>
    private static Task<object> StartedAsync(WorkflowsServer server, long count) => WaitFor.Value<object>(
        async token => await server.Ledger.ReadScheduleAsync("alone", token) is { } row && row.Started >= count ? row : null,
        () => $"{count}",
        TestTimeouts.Process,
        cancellationToken: Token);

    private static async Task<JsonElement> PutAsync(ServerProcess server)
    {
        var body = new { spec = new { intervalSeconds = IntervalSeconds }, run = new { agent = "scripted", message = "do" }, overlap = "AllowAll" };
        using var response = await server.Http.PutAsJsonAsync("/api/v1/schedules/often", body, Token);
        Assert.True((int)response.StatusCode == 201, await response.Content.ReadAsStringAsync(Token));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static Task<JsonElement> ShowAsync(ServerProcess server) => server.Http.GetFromJsonAsync<JsonElement>("/api/v1/schedules/often", Token);

    private static DateTimeOffset[] Times(JsonElement schedule) => [.. schedule.GetProperty("nextTimes").EnumerateArray().Select(time => time.GetDateTimeOffset())];

    private static async Task<List<long>> DueTimesAsync(ServerProcess server)
    {
        var dues = new List<long>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/runs?caller=schedule:often&limit=500{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}", Token);
            dues.AddRange(page.GetProperty("items").EnumerateArray().Select(run => long.Parse(run.GetProperty("correlationId").GetString()!.Split(':')[1])));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return dues;
    }
}
