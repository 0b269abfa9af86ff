using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Queues;

/// <summary>Who waits, and how many may run.</summary>
internal sealed class QueuesEndpoints(IGrainFactory grains, LimitStore limits)
{
    private const int MostAtOnce = 100_000;
    private const string Tag = "queues";

    private IAdmissionGrain Admission => grains.GetGrain<IAdmissionGrain>(0);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/queues", ListAsync, new() { Id = "listQueues", Tag = Tag, Summary = "The queues", Answers = [new(200, "By name.", typeof(ListDocument<QueueInfo>))] });
        api.MapApi("PUT", "/queues/{name}", PutAsync, new()
        {
            Id = "putQueue",
            Tag = Tag,
            Summary = "Sets how many of a queue may run at once",
            Description = "The limit 'queue-NAME', which is a limit like any other. Lowering it ends nothing that runs.",
            Parameters = [new("name", Microsoft.OpenApi.ParameterLocation.Path, "Its name.", new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = 63 }, Required: true)],
            Body = typeof(QueueRequest),
            Answers = [new(200, "The queue.", typeof(QueueInfo))],
            Problems = [400, 409, 413, 415],
        });
    }

    private async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await Admission.GetQueuesAsync()), ApiJson.Answers.ListDocumentQueueInfo, cancellationToken: context.RequestAborted);

    private async Task PutAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (RunRequests.CheckName("name", name) is { } failure)
        {
            await context.RefuseAsync(failure);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.QueueRequest);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
            return;
        }

        if (body.Value!.Limit is < 1 or > MostAtOnce)
        {
            await context.RefuseAsync(Failure.Invalid("limit", $"'limit' is {body.Value.Limit}; it must be between 1 and {MostAtOnce}.", $"Choose a value between 1 and {MostAtOnce}, or null for no limit."));
            return;
        }

        var (caller, refused) = RequestCaller.Read(context);
        var result = refused is null ? await limits.PutAsync(QueueLimits.NameOf(name), QueueLimits.Of(name, body.Value.Limit), caller) : new(null, refused);
        if (result.Failure is { } conflict)
        {
            await context.RefuseAsync(conflict);
            return;
        }

        var queues = await Admission.GetQueuesAsync();
        await context.Response.WriteAsJsonAsync(queues.FirstOrDefault(queue => queue.Name == name) ?? new() { Name = name, Limit = body.Value.Limit, Running = 0, Waiting = 0 }, ApiJson.Answers.QueueInfo, cancellationToken: context.RequestAborted);
    }
}
