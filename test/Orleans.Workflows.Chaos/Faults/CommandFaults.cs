using System.Net.Http.Json;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>A run is asked to end, or to stand still, whatever it is at; often twice, at two nodes.</summary>
internal static class CommandFaults
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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

    /// <summary>Only of runs at work: how long others wait is judged by the rules of fairness, and those know of no pause.</summary>
    public static async Task PauseAsync(FaultContext context)
    {
        if (context.Agents.Count == 0)
        {
            return;
        }

        var run = context.Agents[context.Random.Next(context.Agents.Count)].Run;
        context.Log.Explain(new(FaultKind.Pause.Name(), run, null, context.Log.Time.GetUtcNow(), context.Log.Time.GetUtcNow()));
        context.Count(FaultKind.Pause, $"run {run}");
        var key = Guid.NewGuid().ToString("N");
        await Task.WhenAll(Enumerable.Range(0, context.Random.Next(1, 3)).Select(async _ =>
        {
            using var answer = await context.Load.AskAsync(
                async (http, cancellation) =>
                {
                    // Under one key: a repeat that a slow server takes late does not pause it again.
                    using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/runs/{run}/pause");
                    request.Headers.Add("Idempotency-Key", key);
                    return await http.SendAsync(request, cancellation);
                },
                context.Random.Next(), TimeSpan.FromSeconds(30), CancellationToken.None);
        }));
        await context.PauseAsync(1, 6);
        await ResumeAsync(run, context);
    }

    /// <summary>Also when the schedule ends. One that is still being paused is asked again, until it goes on or has ended.</summary>
    private static async Task ResumeAsync(Guid run, FaultContext context)
    {
        var begun = context.Log.Time.GetTimestamp();
        while (context.Log.Time.GetElapsedTime(begun) < Patience)
        {
            using var resumed = await context.Load.AskAsync((http, cancellation) => http.PostAsync(new Uri($"/api/v1/runs/{run}/resume", UriKind.Relative), null, cancellation), context.Random.Next(), Patience, CancellationToken.None);
            using var ended = await context.Load.AskAsync((http, cancellation) => http.GetAsync(new Uri($"/api/v1/runs/{run}/result", UriKind.Relative), cancellation), context.Random.Next(), Patience, CancellationToken.None);
            if (resumed is { IsSuccessStatusCode: true } || ended is { IsSuccessStatusCode: true })
            {
                return;
            }

            await Task.Delay(Poll, context.Log.Time);
        }
    }
}
