using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Reads JSON bodies strictly: whole, bounded, in UTF-8, without unknown or repeated members. Looks twice only at what is wrong.</summary>
internal static class RequestBody
{
    /// <summary>Bytes.</summary>
    public const int Limit = 4 * 1024 * 1024;

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <param name="request">Its body is read to the end.</param>
    /// <param name="type">A strict type of a source-generated context.</param>
    /// <param name="optional">No body at all is accepted, as null.</param>
    public static async ValueTask<BodyResult<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, bool optional = false)
        where T : class
    {
        if (request.ContentLength > Limit)
        {
            return new(null, StatusProblems.TooLarge());
        }

        if (CheckType(request, optional) is { } wrong)
        {
            return new(null, wrong);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            var buffer = read.Buffer;
            if (buffer.Length > Limit)
            {
                reader.AdvanceTo(buffer.End);
                return new(null, StatusProblems.TooLarge());
            }

            if (read.IsCompleted)
            {
                var result = Parse(buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray(), type, optional);
                reader.AdvanceTo(buffer.End);
                return result;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    internal static BodyResult<T> Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, bool optional)
        where T : class
    {
        utf8 = utf8.StartsWith(Mark) ? utf8[Mark.Length..] : utf8;
        if (utf8.IsEmpty)
        {
            return optional ? default : Refused<T>(BodyFaults.Invalid("body", "invalid_json", "The body is empty.", "Send a JSON object."));
        }

        if (!Utf8.IsValid(utf8))
        {
            return Refused<T>(BodyFaults.Invalid("body", "invalid_json", "The body is not UTF-8.", "Encode it in UTF-8."));
        }

        try
        {
            // Only an escape can bring in what valid UTF-8 can't hold or a database can't store.
            if (utf8.IndexOf("\\u"u8) >= 0 && EscapedText.Check(utf8) is { } escaped)
            {
                return Refused<T>(escaped);
            }

            return JsonSerializer.Deserialize(utf8, type) is { } value ? new(value, null) : Refused<T>(BodyFaults.NotAnObject());
        }
        catch (JsonException exception)
        {
            return Refused<T>(BodyFaults.Explain(utf8, type, exception));
        }
    }

    private static BodyResult<T> Refused<T>(Failure failure)
        where T : class => new(null, ProblemDocument.From(failure));

    private static ProblemDocument? CheckType(HttpRequest request, bool optional)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            return StatusProblems.UnsupportedMediaType("The body is compressed.") with { Field = "Content-Encoding" };
        }

        var type = request.ContentType;
        if (string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase) || (optional && type is null && request.ContentLength is null or 0))
        {
            return null;
        }

        return MediaTypeHeaderValue.TryParse(type, out var media)
            && media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || media.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
                ? null
                : StatusProblems.UnsupportedMediaType(string.IsNullOrEmpty(type) ? "The body has no content type." : "The body is not said to be JSON in UTF-8.");
    }
}
