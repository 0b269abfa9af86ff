using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Api.Schedules;

/// <summary>What starts runs by itself.</summary>
internal sealed class SchedulesEndpoints(ScheduleStore schedules)
{
    private const string Tag = "schedules";

    private static readonly ApiParameter Name =
        new("name", Microsoft.OpenApi.ParameterLocation.Path, "Its name.", new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = 63 }, Required: true);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/schedules", ListAsync, new() { Id = "listSchedules", Tag = Tag, Summary = "The schedules", Answers = [new(200, "By name.", typeof(ListDocument<ScheduleDocument>))] });
        api.MapApi("GET", "/schedules/{name}", ShowAsync, Operation("getSchedule", "A schedule with its next times and recent actions", new ApiAnswer(200, "The schedule.", typeof(ScheduleDocument))));
        api.MapApi("PUT", "/schedules/{name}", PutAsync, Operation("putSchedule", "Creates a schedule or changes it whole", new ApiAnswer(201, "The new schedule.", typeof(ScheduleDocument)), new ApiAnswer(200, "The changed one.", typeof(ScheduleDocument))) with
        {
            Description = "A field that is left out has its default, but 'paused' and 'note' stay as they are. What was due before the change is dealt with as the schedule stood before it. Runs are started by the caller 'schedule:NAME', exactly one a due time, whatever crashes.",
            Parameters = [Name, ApiParameter.Flag("replace", true, "False refuses a name that is taken (409 schedule_exists).")],
            Body = typeof(ScheduleRequest),
            Problems = [400, 409, 413, 415],
        });
        api.MapApi("DELETE", "/schedules/{name}", DeleteAsync, Operation("deleteSchedule", "Removes a schedule; its runs go on", new ApiAnswer(200, "The schedule as it was.", typeof(ScheduleDocument))));
        api.MapApi("POST", "/schedules/{name}/pause", PauseAsync, Command("pauseSchedule", "Has a schedule start nothing until it is unpaused", typeof(NoteRequest), new ApiAnswer(200, "It is paused.", typeof(ScheduleDocument))));
        api.MapApi("POST", "/schedules/{name}/unpause", UnpauseAsync, Command("unpauseSchedule", "Has a paused schedule go on with what is due from now on", typeof(NoteRequest), new ApiAnswer(200, "It is not paused.", typeof(ScheduleDocument))));
        api.MapApi("POST", "/schedules/{name}/trigger", TriggerAsync, Operation("triggerSchedule", "Starts a schedule's run now, as its overlap policy allows, paused or not", new ApiAnswer(200, "The run is started.", typeof(TriggerDocument)), new ApiAnswer(202, "It waits for the end of an earlier run.", typeof(TriggerDocument))) with
        {
            Description = "409 (schedule_busy) where the policy skips it because an earlier run has not ended.",
            Parameters = [Name, ApiParameter.Key, ApiParameter.Caller],
            Problems = [400, 404, 409],
        });
    }

    private async Task ListAsync(HttpContext context)
    {
        var items = (await schedules.ListAsync(context.RequestAborted)).Select(ScheduleDocument.From).ToArray();
        await context.Response.WriteAsJsonAsync(new(items), ApiJson.Answers.ListDocumentScheduleDocument, cancellationToken: context.RequestAborted);
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await NameAsync(context) is { } name)
        {
            await AnswerAsync(context, StatusCodes.Status200OK, await schedules.Grain(name).GetAsync(), name);
        }
    }

    private async Task PutAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var replace = query.Flag("replace") ?? true;
        if (query.Failure is { } failure)
        {
            await context.RefuseAsync(failure);
        }
        else if (await NameAsync(context) is { } name)
        {
            var body = await RequestBody.ReadAsync(context.Request, RequestJson.Default.ScheduleRequest);
            await (body.Problem is not null ? context.RefuseAsync(body.Problem) : AnswerAsync(context, await schedules.PutAsync(name, body.Value!, onlyNew: !replace), name));
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (await NameAsync(context) is { } name)
        {
            var last = await schedules.Grain(name).GetAsync();
            await AnswerAsync(context, StatusCodes.Status200OK, await schedules.Grain(name).DeleteAsync() ? last : null, name);
        }
    }

    private Task PauseAsync(HttpContext context) => NoteAsync(context, static (grain, note) => grain.PauseAsync(note));

    private Task UnpauseAsync(HttpContext context) => NoteAsync(context, static (grain, note) => grain.UnpauseAsync(note));

    private async Task NoteAsync(HttpContext context, Func<IScheduleGrain, string?, Task<ScheduleResult>> act)
    {
        if (await NameAsync(context) is not { } name)
        {
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.NoteRequest, optional: true);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
        }
        else if (RunRequests.CheckText("note", body.Value?.Note, ScheduleStore.NoteLimit) is { } failure)
        {
            await context.RefuseAsync(failure);
        }
        else
        {
            await AnswerAsync(context, await act(schedules.Grain(name), body.Value?.Note), name);
        }
    }

    private async Task TriggerAsync(HttpContext context)
    {
        var (caller, failure) = RequestCaller.Read(context);
        if (failure is not null)
        {
            await context.RefuseAsync(failure);
        }
        else if (await NameAsync(context) is { } name)
        {
            await AnswerTriggerAsync(context, name, await schedules.Grain(name).TriggerAsync(TriggerId(name, caller)));
        }
    }

    private static Task AnswerTriggerAsync(HttpContext context, string name, ScheduleResult result) => result switch
    {
        { Failure: { } failure } => context.RefuseAsync(failure),
        { Action.Failure: { } refused } => context.RefuseAsync(refused with { Field = refused.Field is { } field ? $"run.{field}" : "run" }),
        { Action.Outcome: ScheduleOutcome.Skipped } => context.RefuseAsync(
            Failure.Conflict("schedule_busy", $"An earlier run of schedule '{name}' has not ended ({string.Join(", ", result.Schedule!.UnderWay)}).", "Wait for its end or end it, or choose another overlap policy.") with { Field = "name" }),
        _ => WriteTriggerAsync(context, result),
    };

    private static Task WriteTriggerAsync(HttpContext context, ScheduleResult result)
    {
        context.Response.StatusCode = result.Action!.Outcome == ScheduleOutcome.Buffered ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        return context.Response.WriteAsJsonAsync(new(ScheduleActionDocument.From(result.Action), ScheduleDocument.From(result.Schedule!)), ApiJson.Answers.TriggerDocument, cancellationToken: context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, ScheduleResult result, string name) => result.Failure is { } failure
        ? context.RefuseAsync(failure)
        : AnswerAsync(context, result.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, result.Schedule, name);

    private static Task AnswerAsync(HttpContext context, int status, ScheduleInfo? schedule, string name)
    {
        if (schedule is null)
        {
            return context.RefuseAsync(ScheduleStore.Missing(name));
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(ScheduleDocument.From(schedule), ApiJson.Answers.ScheduleDocument, cancellationToken: context.RequestAborted);
    }

    /// <summary>Null: the problem has been answered.</summary>
    private static async Task<string?> NameAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (RunRequests.CheckName("name", name) is not { } failure)
        {
            return name;
        }

        await context.RefuseAsync(failure);
        return null;
    }

    /// <summary>The same for the same key, so that the schedule knows a repeat.</summary>
    private static Guid TriggerId(string name, StartContext caller) => caller.IdempotencyKey is { } key
        ? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\ntrigger\n{caller.Caller}\n{key}")).AsSpan(0, 16))
        : Guid.NewGuid();

    private static ApiOperation Command(string id, string summary, Type body, ApiAnswer answer) =>
        Operation(id, summary, answer) with { Body = body, BodyOptional = true, Problems = [400, 404, 413, 415] };

    private static ApiOperation Operation(string id, string summary, params ApiAnswer[] answers) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Parameters = [Name],
        Answers = answers,
        Problems = [400, 404],
    };
}
