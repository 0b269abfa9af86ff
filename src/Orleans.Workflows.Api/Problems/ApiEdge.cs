using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Problems;

/// <summary>
/// The outermost part: every answer carries the correlation id, and every error is a problem; requests that name another
/// host end here. The id also becomes the request's trace identifier, so that all log lines of the request have it.
/// </summary>
internal sealed partial class ApiEdge(RequestDelegate next, AllowedHosts hosts, ILogger<ApiEdge> logger)
{
    private const int ClientClosedRequest = 499;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        context.TraceIdentifier = CorrelationId.Of(context.Request);
        var headers = context.Response.Headers;
        headers[CorrelationId.Header] = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        if (TraceParent.Of(context.Request) is { } parent)
        {
            headers.TraceParent = parent;
        }

        if (!hosts.Allows(context.Request.Host))
        {
            await context.RefuseAsync(StatusProblems.ForeignHost());
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            await RecoverAsync(context, exception);
            return;
        }

        var response = context.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
        {
            await context.RefuseAsync(StatusProblems.Of(context, response.StatusCode));
        }
    }

    private Task RecoverAsync(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }

            return Task.CompletedTask;
        }

        var problem = Explain(context, exception);
        if (problem.Status >= 500)
        {
            Log(context, exception, problem.Status);
        }

        if (context.Response.HasStarted)
        {
            // Half an answer must not look whole.
            context.Abort();
            return Task.CompletedTask;
        }

        return context.RefuseAsync(problem);
    }

    private static ProblemDocument Explain(HttpContext context, Exception exception) => exception switch
    {
        BadHttpRequestException bad => StatusProblems.Of(context, bad.StatusCode),
        _ when IsLedgerOut(exception) => StatusProblems.Unavailable("The database can't be reached now.", RetryAfter),
        RunConflictException => StatusProblems.Unavailable("The run is being changed by another request.", RetryAfter),
        TimeoutException => StatusProblems.Unavailable("The service did not answer in time; whether the request took effect is not known.", RetryAfter),
        OperationCanceledException => StatusProblems.Unavailable("The service is stopping.", RetryAfter),
        OrleansException or ObjectDisposedException => StatusProblems.Unavailable("A part of the service can't be reached now.", RetryAfter),
        _ => StatusProblems.Internal(),
    };

    // A driver's own error is one of Orleans' tables. From another silo it may come as a stand-in that only tells its type's name.
    private static bool IsLedgerOut(Exception exception) =>
        exception is LedgerUnavailableException or System.Data.Common.DbException
        || (exception is Serialization.UnavailableExceptionFallbackException { ExceptionType: { } type } && type.Contains(nameof(LedgerUnavailableException), StringComparison.Ordinal));

    private void Log(HttpContext context, Exception exception, int status)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(context.Request.Method, context.Request.Path, context.TraceIdentifier, exception.Message);
        }
        else
        {
            LogFailed(context.Request.Method, context.Request.Path, context.TraceIdentifier, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} ({CorrelationId}) was answered with 503: {Reason}")]
    private partial void LogUnavailable(string method, string path, string correlationId, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} ({CorrelationId}) failed.")]
    private partial void LogFailed(string method, string path, string correlationId, Exception exception);
}
