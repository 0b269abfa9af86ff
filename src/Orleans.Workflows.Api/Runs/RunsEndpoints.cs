using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Starting, listing and reading runs.</summary>
internal sealed class RunsEndpoints(RunStarter starter, RunReads runs, RunAnswers answers, ILedger ledger, TimeProvider time, RunExplainer explainer, IHostApplicationLifetime lifetime)
{
    private const int LongestWaitSeconds = 60;
    private const string Tag = "runs";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("POST", "/runs", StartAsync, new()
        {
            Id = "startRun",
            Tag = Tag,
            Summary = "Starts a run",
            Description = "Answers once the run is durable. Either 'workflow' or 'agent' must be named.",
            Parameters = [ApiParameter.Key, ApiParameter.Caller, ApiParameter.Trace],
            Body = typeof(StartRunRequest),
            Answers = [new(201, "The new run.", typeof(RunInfo)), new(200, "The run that the same idempotency key started before.", typeof(RunInfo))],
            Problems = [400, 404, 409, 413, 415, 422, 429],
        });
        api.MapApi("GET", "/runs", ListAsync, RunListQuery.Operation);
        api.MapApi("GET", "/runs/{id}", ShowAsync, Read("getRun", "A run", new(200, "The run as it is durable now.", typeof(RunInfo))));
        api.MapApi("GET", "/runs/{id}/attempts", AttemptsAsync, Read("listAttempts", "A run's agent processes", new(200, "Oldest first.", typeof(ListDocument<AttemptDocument>))));
        api.MapApi("GET", "/runs/{id}/usage", UsageAsync, Read("getUsage", "A run's usage by model message", new(200, "In order.", typeof(UsageDocument))));
        api.MapApi("GET", "/runs/{id}/audit", AuditAsync, Read("listAudit", "Who asked what of a run", new(200, "Oldest first.", typeof(ListDocument<AuditDocument>))));
        api.MapApi("GET", "/runs/{id}/explain", ExplainAsync, Read("explainRun", "Why a run does not run yet", new(200, "Everything that holds it back now.", typeof(RunExplanation))));
        api.MapApi("GET", "/runs/{id}/result", ResultAsync, Read("getResult", "How a run ended", new(200, "The result.", typeof(RunResultDocument))) with
        {
            Description = "409 (run_active, retryable) while it has not ended.",
            Parameters = [ApiParameter.Run, ApiParameter.Number("wait", 0, LongestWaitSeconds, 0, "Seconds to wait for the end.")],
            Problems = [400, 404, 409],
        });
    }

    private async Task StartAsync(HttpContext context)
    {
        var (caller, failure) = RequestCaller.Read(context);
        if (failure is not null)
        {
            await context.RefuseAsync(failure);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, RequestJson.Default.StartRunRequest);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
            return;
        }

        await AnswerStartAsync(context, await RunRepeats.OnceMoreAsync(
            static (state, cancellation) => state.starter.StartAsync(state.Value!, state.caller, cancellation), (starter, body.Value, caller), context.RequestAborted));
    }

    /// <summary>A new run, a known one, or why there is none.</summary>
    internal static Task AnswerStartAsync(HttpContext context, StartRunResult result) => result switch
    {
        { Failure: { } failure } => context.RefuseAsync(failure),
        { Run: { } run } => RunAnswers.AcceptAsync(context, result.Existing ? StatusCodes.Status200OK : StatusCodes.Status201Created, run),
        _ => context.RefuseAsync(StatusProblems.Unavailable("The run is being accepted.", TimeSpan.FromSeconds(1))),
    };

    private async Task ListAsync(HttpContext context)
    {
        var (query, failure) = RunListQuery.Read(context.Request);
        if (failure is not null)
        {
            await context.RefuseAsync(failure);
            return;
        }

        try
        {
            var page = await ledger.ListRunsAsync(query, context.RequestAborted);
            var now = time.GetUtcNow();
            var items = page.Runs.Select(row => RunInfos.From(row with { Result = null }, now)).ToArray();
            await context.Response.WriteAsJsonAsync(new RunPageDocument(items, page.Next, page.Total), ApiJson.Answers.RunPageDocument, cancellationToken: context.RequestAborted);
        }
        catch (ArgumentException) when (query.Cursor is not null)
        {
            await context.RefuseAsync(Failure.Invalid("cursor", "The cursor can't be used with this query.", "Use the 'nextCursor' of the page before, with the same filters and order; or leave it out."));
        }
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await runs.FindAsync(context) is { } run)
        {
            await answers.ShowAsync(context, StatusCodes.Status200OK, run);
        }
    }

    private async Task AttemptsAsync(HttpContext context)
    {
        if (await runs.FindAsync(context) is { } run)
        {
            var rows = await ledger.ReadAttemptsAsync(run.Id, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new([.. rows.Select(AttemptDocument.From)]), ApiJson.Answers.ListDocumentAttemptDocument, cancellationToken: context.RequestAborted);
        }
    }

    private async Task UsageAsync(HttpContext context)
    {
        if (await runs.FindAsync(context) is { } run)
        {
            var rows = await ledger.ReadUsageAsync(run.Id, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new([.. rows.Select(UsageEntryDocument.From)], run.Usage, run.UsageIncomplete), ApiJson.Answers.UsageDocument, cancellationToken: context.RequestAborted);
        }
    }

    private async Task AuditAsync(HttpContext context)
    {
        if (await runs.FindAsync(context) is { } run)
        {
            var rows = await ledger.ReadAuditAsync(run.Id, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new([.. rows.Select(AuditDocument.From)]), ApiJson.Answers.ListDocumentAuditDocument, cancellationToken: context.RequestAborted);
        }
    }

    private async Task ExplainAsync(HttpContext context)
    {
        if (await runs.FindAsync(context) is { } run && await explainer.ExplainAsync(run.Id, context.RequestAborted) is { } explanation)
        {
            await context.Response.WriteAsJsonAsync(explanation, ApiJson.Answers.RunExplanation, cancellationToken: context.RequestAborted);
        }
    }

    private async Task ResultAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var wait = TimeSpan.FromSeconds(query.Integer("wait", 0, LongestWaitSeconds) ?? 0);
        if (query.Failure is { } failure)
        {
            await context.RefuseAsync(failure);
        }
        else if (await RunReads.IdAsync(context) is { } id)
        {
            await AnswerResultAsync(context, id, await runs.WaitForEndAsync(id, wait, time, lifetime.ApplicationStopping, context.RequestAborted));
        }
    }

    private static Task AnswerResultAsync(HttpContext context, RunId id, RunInfo? run) => run switch
    {
        null => context.RefuseAsync(RunRequests.Missing(id)),
        _ when run.Status.IsTerminal() => context.Response.WriteAsJsonAsync(
            new(run.Id, run.Status, run.Reason, run.Result, run.Turns, run.ToolCalls, run.Usage, run.UsageIncomplete, run.WallMs, run.ApiMs, run.EndedAt),
            ApiJson.Answers.RunResultDocument,
            cancellationToken: context.RequestAborted),
        _ => context.RefuseAsync(Failure.Conflict("run_active", $"The run has not ended ({run.Status}).", $"Ask again, or wait for its end with ?wait=SECONDS (at most {LongestWaitSeconds}).")
            with { Field = "id", Retryable = true, RetryAfter = TimeSpan.FromSeconds(1) }),
    };

    private static ApiOperation Read(string id, string summary, ApiAnswer answer) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Parameters = [ApiParameter.Run],
        Answers = [answer],
        Problems = [400, 404],
    };
}
