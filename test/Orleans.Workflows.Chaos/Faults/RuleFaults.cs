using System.Net.Http.Json;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.Chaos.Load;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>Who may run is changed while runs come and go, through any node.</summary>
internal static class RuleFaults
{
    private const string Crew = "crew";
    private const string Team = "team";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Puts another limit on one crew, which holds until it is changed again.</summary>
    public static async Task ChangeAsync(FaultContext context)
    {
        var (crew, limit) = ($"{context.Random.Next(ChaosLoad.Crews)}", context.Random.Next(1, 4));
        context.Count(FaultKind.RuleChange, $"crew {crew} may be {limit}");

        // In force, or perhaps: one whose answer was lost.
        var before = context.Log.Rules.Where(rule => (rule.Label, rule.Value, rule.EndedAt) == (Crew, crew, null)).ToArray();
        before = [.. before.Select(rule => context.Log.Know(rule with { EndingAt = rule.EndingAt ?? Now(context) }, rule))];
        var rule = context.Log.Know(new(Crew, crew, limit, Now(context), null, null, null));
        if (await AskAsync(context, (http, cancellation) => http.PutAsJsonAsync($"/api/v1/limits/crew-{crew}", new { dimension = "label", label = Crew, key = crew, value = limit }, cancellation)))
        {
            var at = Now(context);
            context.Log.Know(rule with { AnsweredAt = at }, rule);
            Array.ForEach(before, known => context.Log.Know(known with { EndedAt = at }, known));
        }
    }

    /// <summary>Holds a tenant or a team for half a minute; one that can't be released ends by itself.</summary>
    public static async Task HoldAsync(FaultContext context)
    {
        var (dimension, label, key) = context.Random.Next(2) == 0
            ? ("tenant", null, $"t{context.Random.Next(ChaosLoad.Tenants)}")
            : ("label", Team, $"{context.Random.Next(ChaosLoad.Teams)}");
        context.Count(FaultKind.Hold, $"{dimension} {key}");
        var until = Now(context) + TimeSpan.FromSeconds(60);
        var rule = context.Log.Know(new(label, key, 0, Now(context), null, until, null));
        if (await AskAsync(context, (http, cancellation) => http.PostAsJsonAsync("/api/v1/holds", new { dimension, label, key, reason = "chaos", until }, cancellation)))
        {
            rule = context.Log.Know(rule with { AnsweredAt = Now(context) }, rule);
        }

        await context.PauseAsync(20, 35);
        rule = context.Log.Know(rule with { EndingAt = Now(context) < until ? Now(context) : until }, rule);
        await AskAsync(context, (http, cancellation) => http.PostAsJsonAsync("/api/v1/holds/release", new { dimension, label, key }, cancellation));
        context.Log.Know(rule with { EndedAt = Now(context) }, rule);
    }

    /// <summary>Also when the schedule ends: what was held must not stay so.</summary>
    private static async Task<bool> AskAsync(FaultContext context, Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> ask)
    {
        using var response = await context.Load.AskAsync(ask, context.Random.Next(), Patience, CancellationToken.None);
        if (response is { IsSuccessStatusCode: false })
        {
            context.Log.Say($"a rule was refused: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
        }

        return response is { IsSuccessStatusCode: true };
    }

    private static DateTimeOffset Now(FaultContext context) => context.Log.Time.GetUtcNow();
}
