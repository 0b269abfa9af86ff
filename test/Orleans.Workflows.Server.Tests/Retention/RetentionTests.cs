using System.Text.Json;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Retention;

public sealed class RetentionTests
{
    [Fact]
    public async Task A_run_that_was_deleted_before_anybody_asked_for_totals_is_in_them()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string>
        {
            ["Retention:RunsAge"] = "00:00:01",
            ["Retention:Period"] = "00:00:00.200",
            ["Runs:ContinueWindow"] = "00:00:00.001",
        });
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"hi"},{"result":"done"}]}""" });
        await WaitFor.Value<object>(
            async cancellation => await server.Ledger.ReadRunAsync(run.Id, cancellation) is null ? run : null,
            () => $"run {run.Id} still stands",
            TestTimeouts.Process,
            cancellationToken: TestContext.Current.CancellationToken);
        var totals = JsonElement.Parse(await server.Http.GetStringAsync(new Uri("/api/v1/metrics/totals", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(1, Assert.Single(totals.GetProperty("items").EnumerateArray()).GetProperty("runs").GetProperty("Completed").GetInt64());
    }
}
