using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;

namespace Orleans.Workflows.Api.Limits;

/// <summary>How many of what may run or start.</summary>
internal sealed class LimitsEndpoints(LimitStore limits)
{
    private const string Tag = "limits";

    private static readonly ApiParameter Name =
        new("name", Microsoft.OpenApi.ParameterLocation.Path, "Its name.", new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = 69 }, Required: true);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/limits", ListAsync, new() { Id = "listLimits", Tag = Tag, Summary = "The limits, and how much of each is used", Answers = [new(200, "By name.", typeof(ListDocument<LimitInfo>))] });
        api.MapApi("GET", "/limits/{name}/history", HistoryAsync, new() { Id = "getLimitHistory", Tag = Tag, Summary = "Who changed a limit, to what, and why", Parameters = [Name], Answers = [new(200, "The last change first; none if there never was such a limit.", typeof(ListDocument<LimitChange>))] });
        api.MapApi("PUT", "/limits/{name}", PutAsync, new()
        {
            Id = "putLimit",
            Tag = Tag,
            Summary = "Creates a limit or changes it whole",
            Description = "Holds from the answer on. Lowering one ends nothing that runs. Of the limits of one dimension and measure the most specific one holds for a run, which has to fit all dimensions. 409 (limit_exists) where another limit is about the same key.",
            Parameters = [Name, ApiParameter.Caller],
            Body = typeof(LimitRequest),
            Answers = [new(201, "The new limit.", typeof(LimitInfo)), new(200, "The changed one.", typeof(LimitInfo))],
            Problems = [400, 409, 413, 415],
        });
        api.MapApi("DELETE", "/limits/{name}", DeleteAsync, new()
        {
            Id = "deleteLimit",
            Tag = Tag,
            Summary = "Removes a limit: a less specific one holds again",
            Parameters = [Name, ApiParameter.Caller, new("note", Microsoft.OpenApi.ParameterLocation.Query, "Why; kept with the change.", new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = LimitStore.NoteLimit })],
            Answers = [new(200, "The limit as it was.", typeof(LimitInfo)), new(204, "One that this version of the service could not read is removed.", null)],
            Problems = [400, 404],
        });
    }

    private async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await limits.ListAsync()), ApiJson.Answers.ListDocumentLimitInfo, cancellationToken: context.RequestAborted);

    private async Task HistoryAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await limits.HistoryAsync(NameOf(context), context.RequestAborted)), ApiJson.Answers.ListDocumentLimitChange, cancellationToken: context.RequestAborted);

    private async Task PutAsync(HttpContext context)
    {
        var (caller, failure) = RequestCaller.Read(context);
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.LimitRequest);
        await (failure is not null ? context.RefuseAsync(failure)
            : body.Problem is not null ? context.RefuseAsync(body.Problem)
            : AnswerAsync(context, await limits.PutAsync(NameOf(context), body.Value!.ToSpec(), caller, body.Value.Note)));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var (caller, failure) = RequestCaller.Read(context);
        var query = new QueryReader(context.Request);
        var note = query.Text("note");
        await ((failure ?? query.Failure) is { } refused ? context.RefuseAsync(refused) : AnswerAsync(context, await limits.RemoveAsync(NameOf(context), caller, note)));
    }

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static Task AnswerAsync(HttpContext context, LimitResult result)
    {
        if (result.Failure is { } failure)
        {
            return context.RefuseAsync(failure);
        }

        if (result.Limit is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = result.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return context.Response.WriteAsJsonAsync(result.Limit, ApiJson.Answers.LimitInfo, cancellationToken: context.RequestAborted);
    }
}
