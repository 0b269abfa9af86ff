using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Api.Health;

/// <summary>What a server answers that has no engine yet.</summary>
public static class StartupHealthExtensions
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Live with 200, everything else (ready too) with 503 and what <paramref name="waitsFor"/> says.</summary>
    public static void RunStartupHealth(this IApplicationBuilder app, string waitsFor, AllowedHosts hosts) => app.UseWorkflowsApi(hosts).Run(context =>
        context.Request.Path == WorkflowsApiExtensions.Prefix + "/health/live"
            ? context.Response.WriteAsJsonAsync(new("live", null, null), ApiJson.Answers.HealthDocument, cancellationToken: context.RequestAborted)
            : context.RefuseAsync(Failure.Unavailable($"The server starts: it waits for {waitsFor}.", RetryAfter) with { Code = "not_ready", Remedy = "Ask again; the log says more." }));
}
