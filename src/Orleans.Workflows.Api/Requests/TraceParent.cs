using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.Api.Requests;

/// <summary>The W3C trace context's <c>traceparent</c>; an invalid one is ignored, as the specification says.</summary>
internal static class TraceParent
{
    // version "-" trace-id "-" parent-id "-" flags
    private const int Length = 2 + 1 + 32 + 1 + 16 + 1 + 2;
    private const int LongestUnknownVersion = 256;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static string? Of(HttpRequest request) =>
        request.Headers.TryGetValue("traceparent", out var values) && values is [{ } text] && IsValid(text) ? text : null;

    internal static bool IsValid(string text)
    {
        if (text.Length < Length || text[2] != '-' || text[35] != '-' || text[52] != '-')
        {
            return false;
        }

        var version = text.AsSpan(0, 2);
        var fits = version is "00"
            ? text.Length == Length
            : version is not "ff" && text.Length <= LongestUnknownVersion && (text.Length == Length || text[Length] == '-') && !text.AsSpan(Length).ContainsAnyExceptInRange(' ', '~');
        return fits && IsHex(version) && IsId(text.AsSpan(3, 32)) && IsId(text.AsSpan(36, 16)) && IsHex(text.AsSpan(53, 2));
    }

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex);

    private static bool IsId(ReadOnlySpan<char> text) => IsHex(text) && text.ContainsAnyExcept('0');
}
