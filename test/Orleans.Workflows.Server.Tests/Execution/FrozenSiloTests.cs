using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>A silo that neither works nor ends, with its connections open, is taken for dead soon enough.</summary>
[Collection(Alone.Name)]
public sealed class FrozenSiloTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    /// <summary>Three probes of the longest kind without a word of it, the next probe, and what a busy machine adds; by Orleans' own settings it is more than a minute.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(45);

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-frozen-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_start_again_within_45_s_when_the_silo_that_gives_out_slots_is_frozen_and_it_ends_when_it_goes_on()
    {
        // Alone, so that it is the one that gives out slots.
        await using var first = await StartAsync("a");
        await first.UntilStatusAsync(await first.StartRunAsync(Run, Token), "Completed", Token);
        await using var second = await StartAsync("b");
        await using var third = await StartAsync("c");
        await second.UntilStatusAsync(await second.StartRunAsync(Run, Token), "Completed", Token);
        await first.SignalAsync("STOP");
        var stamp = TimeProvider.System.GetTimestamp();
        try
        {
            // Most starts wait for slots; some wait for their grain, and are refused until it is elsewhere.
            var run = await WaitFor.Value<object>(async token => await TryStartAsync(second, token), () => "no start was accepted", Bound, cancellationToken: Token);
            await second.UntilAsync((RunId)run, shown => shown.GetProperty("status").GetString() == "Completed", Bound - TimeProvider.System.GetElapsedTime(stamp), Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"a run was completed {TimeProvider.System.GetElapsedTime(stamp).TotalSeconds:0.0} s after the silo was frozen");
        }
        finally
        {
            await first.SignalAsync("CONT");
        }

        // It reads that it was declared dead, and may not go on beside those who took over.
        await first.EndAsync(Token);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static object Run { get; } = new { agent = "scripted", message = """{"steps":[{"result":"done"}]}""" };

    private static async Task<object?> TryStartAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var response = await server.Http.PostAsJsonAsync("/api/v1/runs", Run, cancellationToken);
        return response.IsSuccessStatusCode ? new RunId(JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).GetProperty("id").GetGuid()) : null;
    }

    private Task<ServerProcess> StartAsync(string node) => ServerProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = Path.Combine(_directory, node),
            ["Workflows__Execution__Node"] = node,
            ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
            ["Workflows__Database__Provider"] = "postgresql",
            ["Workflows__Database__ConnectionString"] = postgres.ConnectionString,
        },
        Token);
}
