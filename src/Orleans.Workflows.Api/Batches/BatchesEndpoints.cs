using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Batches;

/// <summary>The same command for all runs that match a filter.</summary>
internal sealed class BatchesEndpoints(BatchStore batches)
{
    private const string Tag = "batches";
    private const int Most = 500;
    private const int Standard = 50;

    private static readonly ApiParameter Id =
        new("id", ParameterLocation.Path, "The batch's id.", new() { Type = JsonSchemaType.String, Format = "uuid" }, Required: true);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("POST", "/batches", StartAsync, new()
        {
            Id = "startBatch",
            Tag = Tag,
            Summary = "Cancels, terminates, retries or resumes all runs that match a filter",
            Description = "The filter's conditions are those of the list of runs; one without any is refused. Runs that are accepted after the batch are never among them. Each run gets the command exactly once, whatever crashes.",
            Parameters = [ApiParameter.Key, ApiParameter.Caller],
            Body = typeof(BatchRequest),
            Answers = [new(202, "The batch is durable and goes through its runs.", typeof(BatchDocument)), new(200, "The batch that the same idempotency key began before.", typeof(BatchDocument))],
            Problems = [400, 413, 415, 422],
        });
        api.MapApi("GET", "/batches", ListAsync, new()
        {
            Id = "listBatches",
            Tag = Tag,
            Summary = "The batches, page by page",
            Parameters = [ApiParameter.Formatted("cursor", "uuid", "The 'nextCursor' of the page before."), ApiParameter.Number("limit", 1, Most, Standard, "Batches a page.")],
            Answers = [new(200, "The last first, without their failures.", typeof(BatchPageDocument))],
            Problems = [400],
        });
        api.MapApi("GET", "/batches/{id}", ShowAsync, Operation("getBatch", "A batch with its progress and the runs that refused", new ApiAnswer(200, "As it was after its last page of at most 100 runs.", typeof(BatchDocument))));
        api.MapApi("POST", "/batches/{id}/cancel", CancelAsync, Operation("cancelBatch", "Has a batch ask no more runs; what is done stays done", new ApiAnswer(200, "It has stopped.", typeof(BatchDocument))) with
        {
            Description = "409 (batch_ended) where it has been through all of its runs.",
            Parameters = [Id, ApiParameter.Caller],
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

        var body = await RequestBody.ReadAsync(context.Request, RequestJson.Default.BatchRequest);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
            return;
        }

        var result = await batches.StartAsync(body.Value!, caller, context.RequestAborted);
        if (result.Batch is { } batch)
        {
            context.Response.Headers.Location = $"{WorkflowsApiExtensions.Prefix}/batches/{batch.Id}";
        }

        await AnswerAsync(context, result, result.Existing ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var cursor = query.Uuid("cursor");
        var limit = (int)(query.Integer("limit", 1, Most) ?? Standard);
        if (query.Failure is { } failure)
        {
            await context.RefuseAsync(failure);
            return;
        }

        // One more tells whether there is another page.
        var found = await batches.ListAsync(cursor, limit + 1, context.RequestAborted);
        var items = found.Take(limit).Select(batch => BatchDocument.From(batch) with { Failures = null }).ToArray();
        await context.Response.WriteAsJsonAsync(new(items, found.Count > limit ? items[^1].Id : null), ApiJson.Answers.BatchPageDocument, cancellationToken: context.RequestAborted);
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await IdAsync(context) is { } id)
        {
            var batch = await batches.FindAsync(id, context.RequestAborted);
            await AnswerAsync(context, batch is null ? BatchResult.Refused(BatchStore.Missing(id)) : new(batch), StatusCodes.Status200OK);
        }
    }

    private async Task CancelAsync(HttpContext context)
    {
        if (await IdAsync(context) is not { } id)
        {
            return;
        }

        var (caller, failure) = RequestCaller.Read(context);
        await (failure is not null ? context.RefuseAsync(failure) : AnswerAsync(context, await batches.Grain(id).CancelAsync(caller.Caller), StatusCodes.Status200OK));
    }

    private static Task AnswerAsync(HttpContext context, BatchResult result, int status)
    {
        if (result.Failure is { } failure)
        {
            return context.RefuseAsync(failure);
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(BatchDocument.From(result.Batch!), ApiJson.Answers.BatchDocument, cancellationToken: context.RequestAborted);
    }

    /// <summary>Null: the problem has been answered.</summary>
    private static async Task<Guid?> IdAsync(HttpContext context)
    {
        if (Guid.TryParse(context.Request.RouteValues["id"] as string, out var id) && id != Guid.Empty)
        {
            return id;
        }

        await context.RefuseAsync(Failure.Invalid("id", "The path does not name a batch's id.", "Ids are UUIDs, like 0199c0de-0000-7000-8000-000000000000; list the batches to find one."));
        return null;
    }

    private static ApiOperation Operation(string id, string summary, params ApiAnswer[] answers) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Parameters = [Id],
        Answers = answers,
        Problems = [400, 404],
    };
}
