using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>Records each request for a message and plays the step that the script has for it.</summary>
/// <param name="stray">Answers what no script does.</param>
internal sealed class MessagesEndpoint(
    ConcurrentDictionary<string, RegisteredScript> scripts, RequestDelegate stray, TimeProvider time, CancellationToken stopping)
{
    public void Map(WebApplication app)
    {
        app.MapPost("/s/{script}/v1/messages", AnswerAsync);
        app.MapPost("/s/{script}/v1/messages/count_tokens", CountAsync);
    }

    private Task CountAsync(HttpContext context) => Find(context) is { } script
        ? context.Response.WriteAsJsonAsync(new { input_tokens = script.Script.CountedTokens }, context.RequestAborted)
        : stray(context);

    private async Task AnswerAsync(HttpContext context)
    {
        if (Find(context) is not { } script)
        {
            await stray(context);
            return;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var request = MessagesReader.Read(context.Request, body.RootElement, script);
        script.Add(request);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.Headers["request-id"] = $"req_{Guid.NewGuid():N}";
            await Task.Delay(request.Step.Delay, time, either.Token);
            await PlayAsync(script, request, context, either.Token);
            request.End(ModelRequestEnd.Answered);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            request.End(stopping.IsCancellationRequested ? ModelRequestEnd.ServerStopped : ModelRequestEnd.ClientGone);
            context.Abort();
        }
    }

    private async Task PlayAsync(RegisteredScript script, ModelRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        var stream = new MessagesStream(context.Response, time, cancellationToken);
        switch (request.Step)
        {
            case ModelReply reply when request.Stream:
                await stream.StartAsync(request, reply);
                await stream.SendAsync(reply);
                break;
            case ModelReply reply:
                await context.Response.WriteAsJsonAsync(MessagesBody.Message(request, reply), cancellationToken);
                break;
            case ModelError error:
                await FailAsync(context, error, cancellationToken);
                break;
            case ModelStreamError error when !request.Stream:
                await FailAsync(context, new ModelError(529, error.Type, error.Message), cancellationToken);
                break;
            case ModelStreamError error:
                await stream.StartAsync(request, new ModelReply());
                await stream.WriteAsync(MessagesBody.Error(error.Type, error.Message));
                break;
            case ModelCut cut:
                if (request.Stream)
                {
                    await stream.StartAsync(request, new ModelReply());
                    await stream.SendPartialAsync(cut.Partial);
                }

                context.Abort();
                break;
            case ModelHang hang:
                if (request.Stream && hang.Point == ModelHangPoint.AfterStart)
                {
                    await stream.StartAsync(request, new ModelReply());
                }

                script.Hang(request);
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static Task FailAsync(HttpContext context, ModelError error, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = error.Status;
        foreach (var (name, value) in error.Headers)
        {
            context.Response.Headers[name] = value;
        }

        return context.Response.WriteAsJsonAsync(MessagesBody.Error(error.Type, error.Message), cancellationToken);
    }

    private RegisteredScript? Find(HttpContext context) =>
        scripts.GetValueOrDefault((string)context.Request.RouteValues["script"]!);
}
