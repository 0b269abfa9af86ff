using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Orleans.Workflows.Cli.Client;

/// <summary>One entry of a run's history as it came over server-sent events.</summary>
/// <param name="Id">To go on after it on another connection; null when the server gave none.</param>
internal sealed record RunEvent(string? Id, string Type, string Json)
{
    public static async IAsyncEnumerable<RunEvent> ReadAsync(Stream body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(body);
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            if (item.Data.Length > 0)
            {
                yield return new RunEvent(item.EventId, item.EventType, item.Data);
            }
        }
    }

    /// <summary>The data as JSON; null when it is none.</summary>
    public JsonElement? Parse()
    {
        try
        {
            using var document = JsonDocument.Parse(Json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
