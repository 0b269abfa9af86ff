using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Api.Tests.Running;

/// <summary>An answer, whole.</summary>
internal sealed record ApiReply(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Body => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonElement.Parse(Bytes);

    public string? MediaType => ContentHeaders.ContentType?.MediaType;

    public string? Text(string name) => Json.GetProperty(name).GetString();

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    /// <summary>It is a problem with all that one must have; returns its field.</summary>
    public string? ProblemField(int status, string? code = null)
    {
        Assert.True((int)Status == status, $"{Status}: {Body}");
        Assert.Equal("application/problem+json", MediaType);
        var json = Json;
        Assert.Equal(status, json.GetProperty("status").GetInt32());
        foreach (var name in new[] { "type", "title", "detail", "code", "remedy", "correlationId" })
        {
            Assert.False(string.IsNullOrWhiteSpace(json.GetProperty(name).GetString()), $"{name}: {Body}");
        }

        Assert.Equal($"urn:orleans-workflows:problem:{json.GetProperty("code").GetString()}", json.GetProperty("type").GetString());
        Assert.Equal(Header("X-Correlation-Id"), json.GetProperty("correlationId").GetString());
        Assert.True(json.GetProperty("retryable").ValueKind is JsonValueKind.True or JsonValueKind.False);
        if (code is not null)
        {
            Assert.Equal(code, json.GetProperty("code").GetString());
        }

        return json.GetProperty("field").GetString();
    }
}
