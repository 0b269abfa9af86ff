using System.Globalization;
using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Api.Problems;

/// <summary>Answers with a problem.</summary>
internal static class ProblemExtensions
{
    public const string ContentType = "application/problem+json";

    public static Task RefuseAsync(this HttpContext context, Failure failure) => context.RefuseAsync(ProblemDocument.From(failure));

    public static Task RefuseAsync(this HttpContext context, ProblemDocument problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsJsonAsync(problem with { CorrelationId = context.TraceIdentifier }, ApiJson.Answers.ProblemDocument, ContentType, context.RequestAborted);
    }
}
