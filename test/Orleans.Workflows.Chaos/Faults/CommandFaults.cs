using System.Net.Http.Json;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>A run is asked to end, whatever it is at; often twice, at two nodes.</summary>
internal static class CommandFaults
{
    public static async Task SendAsync(FaultKind kind, FaultContext context)
    {
        if (context.Load.PickActive(context.Random) is not { } run)
        {
            return;
        }

        context.Count(kind, $"run {run}");
        var verb = kind == FaultKind.Cancel ? "cancel" : "terminate";
        var times = context.Random.Next(1, 3);
        await Task.WhenAll(Enumerable.Range(0, times).Select(_ => context.Load.AskAsync(
            (http, cancellation) => http.PostAsJsonAsync($"/api/v1/runs/{run}/{verb}", new { reason = "chaos" }, cancellation), context.Random.Next(), TimeSpan.FromSeconds(30), context.Stopping)));
    }
}
