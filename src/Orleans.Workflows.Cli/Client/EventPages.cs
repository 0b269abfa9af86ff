using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orleans.Workflows.Cli.Client;

/// <summary>A run's history so far, page by page.</summary>
internal sealed class EventPages(ApiClient api)
{
    private const int PageSize = 500;

    public async IAsyncEnumerable<RunEvent> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = (await api.EventsAsync(run, after, PageSize, cancellationToken)).Value;
            foreach (var item in page.Items)
            {
                yield return new RunEvent(null, item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out var type) ? type.ToString() : "", item.GetRawText());
            }

            if (!page.HasMore || page.NextAfter <= after)
            {
                yield break;
            }

            after = page.NextAfter;
        }
    }
}
