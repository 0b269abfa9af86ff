using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;
using Orleans.Workflows.Workspaces.Collection;

namespace Orleans.Workflows.Api.Cleanup;

/// <summary>Removes what ended runs left on this node; never work that stands nowhere else, unless forced.</summary>
internal sealed class CleanupEndpoints(WorkspaceProvider workspaces, AttemptCleanup attempts, SessionStore sessions, WorkflowsNode node, ILedger ledger)
{
    private const double MostHours = 87_600;

    public void Map(IEndpointRouteBuilder api) => api.MapApi("POST", "/cleanup", CleanUpAsync, new()
    {
        Id = "cleanUp",
        Tag = "cleanup",
        Summary = "Removes workspaces of ended runs on this node, or their attempts' files",
        Description = "A dry run unless dryRun is false. What a run in the same session still needs stays. Branches with work that is neither merged nor pushed stay unless forced. With attempts it removes spools and exit records instead, as far as all output in them is in the database.",
        Body = typeof(CleanupRunsRequest),
        BodyOptional = true,
        Answers = [new(200, "What was removed, and what was kept and why.", typeof(CleanupDocument))],
        Problems = [400, 404, 413, 415],
    });

    private async Task CleanUpAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.CleanupRunsRequest, optional: true);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
            return;
        }

        var asked = body.Value ?? new();
        var dryRun = asked.DryRun ?? true;
        if (asked.OlderThanHours is { } hours && !(hours >= 0 && hours <= MostHours))
        {
            await context.RefuseAsync(Failure.Invalid("olderThanHours", $"'olderThanHours' is not between 0 and {MostHours}.", $"Choose a value between 0 and {MostHours}, or leave it out."));
            return;
        }

        if (asked.Run is { } run && await ledger.ReadRunAsync(run, context.RequestAborted) is null)
        {
            await context.RefuseAsync(RunRequests.Missing(run) with { Field = "run" });
            return;
        }

        var request = new CleanupRequest { Run = asked.Run, OlderThan = asked.OlderThanHours is { } age ? TimeSpan.FromHours(age) : null, Force = asked.Force, DryRun = dryRun };
        var removals = asked.Attempts ? await attempts.CleanupAsync(node.StateDirectory, request, context.RequestAborted) : await workspaces.CleanupAsync(request, of => sessions.IsOverAsync(of, node.StateDirectory, mayBeContinued: true, context.RequestAborted), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new(dryRun, removals), ApiJson.Answers.CleanupDocument, cancellationToken: context.RequestAborted);
    }
}
