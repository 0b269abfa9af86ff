using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Who asks, from the headers.</summary>
internal static class RequestCaller
{
    public const string CallerHeader = "X-Caller";
    public const string KeyHeader = "Idempotency-Key";
    public const string Anonymous = "anonymous";
    public const int CallerLimit = 128;
    public const int KeyLimit = 255;

    public static (StartContext Context, Failure? Failure) Read(HttpContext context)
    {
        var headers = context.Request.Headers;
        var failure = Check(headers, CallerHeader, CallerLimit, out var caller) ?? Check(headers, KeyHeader, KeyLimit, out _);
        Check(headers, KeyHeader, KeyLimit, out var key);
        return (new(caller ?? Anonymous, context.TraceIdentifier, TraceParent.Of(context.Request), key), failure);
    }

    private static Failure? Check(IHeaderDictionary headers, string name, int limit, out string? value)
    {
        value = null;
        if (!headers.TryGetValue(name, out var values) || values.Count == 0)
        {
            return null;
        }

        if (values is not [{ Length: > 0 } only] || only.Length > limit || only.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return Failure.Invalid(name, $"The header {name} is not one value of 1 to {limit} visible ASCII characters.", "Send it once, without spaces, or leave it out.");
        }

        value = only;
        return null;
    }
}
