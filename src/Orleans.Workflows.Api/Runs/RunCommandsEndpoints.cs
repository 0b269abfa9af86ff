using System.Security.Cryptography;
using System.Text;
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

/// <summary>What a caller can ask of a run. A repeat with the same idempotency key (or message id) is a no-op.</summary>
internal sealed class RunCommandsEndpoints(RunStarter starter, RunReads runs, RunAnswers answers, ILedger ledger, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public const int ReasonLimit = 1_000;
    private const double StandardWaitSeconds = 20;
    private const double LongestWaitSeconds = 60;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("POST", "/runs/{id}/messages", MessageAsync, Command("sendMessage", "Sends the agent a message", typeof(MessageRequest), new ApiAnswer(202, "The message is durable; the agent gets it once.", typeof(RunInfo))) with { BodyOptional = false });
        api.MapApi("POST", "/runs/{id}/cancel", CancelAsync, Command("cancelRun", "Asks a run to stop politely; forced after a grace", typeof(CancelRequest), new ApiAnswer(202, "The request is durable.", typeof(RunInfo)), new ApiAnswer(200, "The run is canceled.", typeof(RunInfo))));
        api.MapApi("POST", "/runs/{id}/terminate", TerminateAsync, Command("terminateRun", "Ends a run's whole process tree now", typeof(TerminateRequest), new ApiAnswer(200, "It has ended; result.endedProcesses says what had to be ended.", typeof(RunInfo)), new ApiAnswer(202, "The request is durable, the end not yet proven.", typeof(RunInfo))));
        api.MapApi("POST", "/runs/{id}/release", ReleaseAsync, Command("releaseRun", "Frees the slot of an attempt whose processes could not be ended; 409 not_leaked where there is none", typeof(ReleaseRequest), new ApiAnswer(200, "The attempt is over, without the proof.", typeof(RunInfo))));
        api.MapApi("POST", "/runs/{id}/release-locks", ReleaseLocksAsync, Command("releaseRunLocks", "Takes all its locks from a run: others may have them at once, what runs goes on, and its next attempt waits for them anew; 409 no_locks where it holds none", typeof(ReleaseRequest), new ApiAnswer(200, "It holds none.", typeof(RunInfo))));
        api.MapApi("POST", "/runs/{id}/pause", PauseAsync, Command("pauseRun", "Has a run stand still, without slot and locks, until it is resumed; 409 no_pause where its agent is at work and has no session to go on in", typeof(PauseRequest), new ApiAnswer(200, "It is paused.", typeof(RunInfo)), new ApiAnswer(202, "The request is durable; it is paused once its agent's tool calls have their results.", typeof(RunInfo))));
        api.MapApi("POST", "/runs/{id}/resume", ResumeAsync, Command("resumeRun", "Has a paused run go on with the time that it had left, and where no attempt was left with a new round of attempts; 409 not_paused where it is not paused", typeof(ResumeRequest), new ApiAnswer(200, "It waits for a slot, or for its start.", typeof(RunInfo))));
        api.MapApi("POST", "/runs/{id}/retry", RetryAsync, Start("retryRun", "Starts the same work again as a new run"));
        api.MapApi("POST", "/runs/{id}/continue", ContinueAsync, Start("continueRun", "Starts a new run in the session, workspace and definition of one that has ended"));
    }

    private async Task MessageAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.MessageRequest, optional: false) is not { } asked)
        {
            return;
        }

        var text = asked.Body!.Text;
        if ((text.Length == 0 ? Failure.Invalid("text", "The message is empty.", "Write something.") : RunRequests.CheckText("text", text, RunRequests.MessageLimit)) is { } failure)
        {
            await context.RefuseAsync(failure);
            return;
        }

        var result = await SendAsync(asked, "message", text, asked.Body.Id, static (grain, command) => grain.MessageAsync(command));
        await AnswerAsync(context, StatusCodes.Status202Accepted, result);
    }

    private async Task CancelAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.CancelRequest, optional: true) is { } asked && await ReasonFitsAsync(context, asked.Body?.Reason))
        {
            var result = await SendAsync(asked, "cancel", asked.Body?.Reason, null, static (grain, command) => grain.CancelAsync(command));
            await AnswerAsync(context, result.Run?.Status.IsTerminal() == true ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, result);
        }
    }

    private async Task TerminateAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.TerminateRequest, optional: true) is not { } asked || !await ReasonFitsAsync(context, asked.Body?.Reason))
        {
            return;
        }

        var wait = asked.Body?.WaitSeconds ?? StandardWaitSeconds;
        if (!(wait >= 0 && wait <= LongestWaitSeconds))
        {
            await context.RefuseAsync(Failure.Invalid("waitSeconds", $"'waitSeconds' is not between 0 and {LongestWaitSeconds}.", $"Choose a value between 0 and {LongestWaitSeconds}."));
            return;
        }

        var result = await SendAsync(asked, "terminate", asked.Body?.Reason, null, static (grain, command) => grain.TerminateAsync(command));
        if (result is { Failure: null, Run.Status: var status } && !status.IsTerminal())
        {
            result = result with { Run = await runs.WaitForEndAsync(asked.Run, TimeSpan.FromSeconds(wait), time, lifetime.ApplicationStopping, context.RequestAborted) };
        }

        await AnswerAsync(context, result.Run?.Status.IsTerminal() == true ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, result);
    }

    private async Task ReleaseAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.ReleaseRequest, optional: true) is { } asked && await ReasonFitsAsync(context, asked.Body?.Reason))
        {
            await AnswerAsync(context, StatusCodes.Status200OK, await SendAsync(asked, "release", asked.Body?.Reason, null, static (grain, command) => grain.ReleaseAsync(command)));
        }
    }

    private async Task ReleaseLocksAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.ReleaseRequest, optional: true) is { } asked && await ReasonFitsAsync(context, asked.Body?.Reason))
        {
            await AnswerAsync(context, StatusCodes.Status200OK, await SendAsync(asked, "release-locks", asked.Body?.Reason, null, static (grain, command) => grain.ReleaseLocksAsync(command)));
        }
    }

    private async Task PauseAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.PauseRequest, optional: true) is { } asked && await ReasonFitsAsync(context, asked.Body?.Reason))
        {
            var result = await SendAsync(asked, "pause", asked.Body?.Reason, null, static (grain, command) => grain.PauseAsync(command));
            await AnswerAsync(context, result.Run?.Status == RunStatus.Paused ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, result);
        }
    }

    private async Task ResumeAsync(HttpContext context)
    {
        if (await BeginAsync(context, ApiJson.Default.ResumeRequest, optional: true) is { } asked && await ReasonFitsAsync(context, asked.Body?.Reason))
        {
            await AnswerAsync(context, StatusCodes.Status200OK, await SendAsync(asked, "resume", asked.Body?.Reason, null, static (grain, command) => grain.ResumeAsync(command)));
        }
    }

    private Task RetryAsync(HttpContext context) => StartAgainAsync(context, static (starter, run, request, caller, cancellation) => starter.RetryAsync(run, request, caller, cancellation));

    private Task ContinueAsync(HttpContext context) => StartAgainAsync(context, static (starter, run, request, caller, cancellation) => starter.ContinueAsync(run, request, caller, cancellation));

    private async Task StartAgainAsync(HttpContext context, Func<RunStarter, RunId, ContinueRunRequest, StartContext, CancellationToken, Task<StartRunResult>> start)
    {
        if (await BeginAsync(context, RequestJson.Default.ContinueRunRequest, optional: true) is { } asked)
        {
            await RunsEndpoints.AnswerStartAsync(context, await RunRepeats.OnceMoreAsync(
                static (state, cancellation) => state.start(state.starter, state.asked.Run, state.asked.Body ?? new(), state.asked.Caller, cancellation), (starter, start, asked), context.RequestAborted));
        }
    }

    /// <summary>Who asks what of which run. Null: the problem has been answered.</summary>
    private static async Task<Asked<T>?> BeginAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, bool optional)
        where T : class
    {
        if (await RunReads.IdAsync(context) is not { } run)
        {
            return null;
        }

        var (caller, failure) = RequestCaller.Read(context);
        if (failure is not null)
        {
            await context.RefuseAsync(failure);
            return null;
        }

        var body = await RequestBody.ReadAsync(context.Request, type, optional);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
            return null;
        }

        return new(run, caller, body.Value);
    }

    private static async Task<bool> ReasonFitsAsync(HttpContext context, string? reason)
    {
        if (RunRequests.CheckText("reason", reason, ReasonLimit) is not { } failure)
        {
            return true;
        }

        await context.RefuseAsync(failure);
        return false;
    }

    private async Task<RunCommandResult> SendAsync<T>(Asked<T> asked, string kind, string? text, Guid? id, Func<IWorkflowGrain, RunCommand, Task<RunCommandResult>> send)
        where T : class
    {
        var command = new RunCommand { Id = id ?? CommandId(asked.Run, asked.Caller, kind), Caller = asked.Caller.Caller, CorrelationId = asked.Caller.CorrelationId, Text = text };
        var result = await RunRepeats.OnceMoreAsync(static (state, _) => state.send(state.Item1, state.command), (runs.Grain(asked.Run), command, send), CancellationToken.None);
        var named = id is not null ? "id" : asked.Caller.IdempotencyKey is not null ? RequestCaller.KeyHeader : null;
        return result.Failure is null && named is not null && await IsAnotherAsync(asked.Run, command, kind) ? result with { Failure = RunRequests.KeyReused(named) } : result;
    }

    /// <summary>Whether what stands under the command's id is not this command, so that this one was taken for its repeat. Asked afterwards: two may come at once.</summary>
    private async Task<bool> IsAnotherAsync(RunId run, RunCommand command, string kind) =>
        (await ledger.ReadCommandsAsync(run, pendingOnly: false)).FirstOrDefault(known => known.Id == command.Id) is { } known
        && (known.Kind != kind || known.Text != command.Text || known.Caller != command.Caller);

    private Task AnswerAsync(HttpContext context, int status, RunCommandResult result) =>
        result.Failure is { } failure ? context.RefuseAsync(failure) : answers.ShowAsync(context, status, result.Run!);

    /// <summary>The same for the same key, so that the run knows a repeat.</summary>
    private static Guid CommandId(RunId run, StartContext caller, string kind) => caller.IdempotencyKey is { } key
        ? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{run}\n{kind}\n{caller.Caller}\n{key}")).AsSpan(0, 16))
        : Guid.NewGuid();

    private static ApiOperation Command(string id, string summary, Type body, params ApiAnswer[] told) => new()
    {
        Id = id,
        Tag = "runs",
        Summary = summary,
        Parameters = [ApiParameter.Run, ApiParameter.Key, ApiParameter.Caller],
        Body = body,
        BodyOptional = true,
        Answers = told,
        Problems = [400, 404, 409, 413, 415, 422],
    };

    private static ApiOperation Start(string id, string summary) =>
        Command(id, summary, typeof(ContinueRunRequest), new ApiAnswer(201, "The new run.", typeof(RunInfo)), new ApiAnswer(200, "The run that the same idempotency key started before.", typeof(RunInfo)));

    private sealed record Asked<T>(RunId Run, StartContext Caller, T? Body)
        where T : class;
}
