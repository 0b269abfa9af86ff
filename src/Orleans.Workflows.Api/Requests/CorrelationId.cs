using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Ties a request to the caller's own world: taken over when it is safe to store and print, else minted.</summary>
internal static class CorrelationId
{
    public const string Header = "X-Correlation-Id";
    public const int Limit = 128;

    private static readonly SearchValues<char> Safe =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/=+@#-");

    public static string Of(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var values) && values is [{ Length: > 0 and <= Limit } given] && !given.AsSpan().ContainsAnyExcept(Safe)
            ? given
            : Guid.NewGuid().ToString("N");
}
