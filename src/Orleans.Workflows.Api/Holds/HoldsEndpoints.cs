using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Api.Holds;

/// <summary>What nobody may start on now.</summary>
internal sealed class HoldsEndpoints(HoldStore holds)
{
    private const string Tag = "holds";

    private static readonly (string Name, LimitDimension Value)[] Dimensions = [.. Enum.GetValues<LimitDimension>().Select(value => (value.ToString(), value))];

    private static readonly ApiParameter[] Subject =
    [
        ApiParameter.Choice("dimension", null, "What it is about.", Dimensions.Select(dimension => dimension.Name)) with { Required = true },
        ApiParameter.Text("key", "Which one; of Service there is none."),
        ApiParameter.Text("label", "The label's name, of the dimension Label."),
    ];

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/holds", ListAsync, new() { Id = "listHolds", Tag = Tag, Summary = "The holds that stand", Description = "Put by people, by a service's reset time, or by a circuit that opened because attempts failed of a credential, a model or an agent.", Answers = [new(200, "By name.", typeof(ListDocument<HoldInfo>))] });
        api.MapApi("GET", "/holds/history", HistoryAsync, new() { Id = "getHoldHistory", Tag = Tag, Summary = "Who held and released something, and why", Parameters = Subject, Answers = [new(200, "The last change first; none if it was never held.", typeof(ListDocument<HoldChange>))], Problems = [400] });
        api.MapApi("POST", "/holds", PutAsync, new()
        {
            Id = "putHold",
            Tag = Tag,
            Summary = "Lets nobody with a key start",
            Description = "Holds from the answer on. What runs goes on, what waits keeps its place, and new runs are accepted and wait. A key has one hold: putting another one changes it. The same again is a no-op.",
            Parameters = [ApiParameter.Caller],
            Body = typeof(HoldRequest),
            Answers = [new(201, "The new hold.", typeof(HoldInfo)), new(200, "The changed one.", typeof(HoldInfo))],
            Problems = [400, 413, 415],
        });
        api.MapApi("POST", "/holds/release", ReleaseAsync, new()
        {
            Id = "releaseHold",
            Tag = Tag,
            Summary = "Releases a hold, whoever put it",
            Parameters = [ApiParameter.Caller],
            Body = typeof(HoldReleaseRequest),
            Answers = [new(200, "The hold as it was.", typeof(HoldInfo))],
            Problems = [400, 404, 413, 415],
        });
    }

    private async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await holds.ListAsync()), ApiJson.Answers.ListDocumentHoldInfo, cancellationToken: context.RequestAborted);

    private async Task HistoryAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (dimension, key, label) = (query.Choice("dimension", Dimensions), query.Text("key"), query.Text("label"));
        if ((query.Failure ?? (dimension is null ? Failure.Invalid("dimension", "'dimension' is missing.", $"Use one of: {string.Join(", ", Dimensions.Select(item => item.Name))}.") : null)) is { } refused)
        {
            await context.RefuseAsync(refused);
            return;
        }

        var (changes, failure) = await holds.HistoryAsync(dimension!.Value, key, label, context.RequestAborted);
        await (failure is not null
            ? context.RefuseAsync(failure)
            : context.Response.WriteAsJsonAsync(new(changes!), ApiJson.Answers.ListDocumentHoldChange, cancellationToken: context.RequestAborted));
    }

    private async Task PutAsync(HttpContext context)
    {
        var (caller, failure) = RequestCaller.Read(context);
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.HoldRequest);
        await (failure is not null ? context.RefuseAsync(failure)
            : body.Problem is not null ? context.RefuseAsync(body.Problem)
            : AnswerAsync(context, await holds.PutAsync(body.Value!.ToSpec(), caller)));
    }

    private async Task ReleaseAsync(HttpContext context)
    {
        var (caller, failure) = RequestCaller.Read(context);
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.HoldReleaseRequest);
        await (failure is not null ? context.RefuseAsync(failure)
            : body.Problem is not null ? context.RefuseAsync(body.Problem)
            : AnswerAsync(context, await holds.ReleaseAsync(body.Value!.Dimension, body.Value.Key, body.Value.Label, caller, body.Value.Note)));
    }

    private static Task AnswerAsync(HttpContext context, HoldResult result)
    {
        if (result.Failure is { } failure)
        {
            return context.RefuseAsync(failure);
        }

        context.Response.StatusCode = result.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return context.Response.WriteAsJsonAsync(result.Hold!, ApiJson.Answers.HoldInfo, cancellationToken: context.RequestAborted);
    }
}
