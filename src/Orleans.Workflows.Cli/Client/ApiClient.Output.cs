using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Orleans.Workflows.Cli.Client;

internal sealed partial class ApiClient
{
    private const string RunActive = "run_active";

    /// <summary>How a run ended.</summary>
    /// <param name="wait">The server waits for the end, at most so long; null does not wait.</param>
    /// <returns>Null when it has not ended and <paramref name="wait"/> was given.</returns>
    public async Task<Answer<RunOutcome>?> ResultAsync(string run, TimeSpan? wait, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(
                Run(run, "result") + new Query().Add("wait", wait is { } time ? $"{time.TotalSeconds:0}" : null), ApiJson.Default.RunOutcome, cancellationToken);
        }
        catch (ProblemException e) when (wait is not null && e.Problem.Code == RunActive)
        {
            return null;
        }
    }

    public Task<Answer<EventPage>> EventsAsync(string run, long after, int limit, CancellationToken cancellationToken) =>
        GetAsync(Run(run, "events") + new Query().Add("after", $"{after}").Add("limit", $"{limit}"), ApiJson.Default.EventPage, cancellationToken);

    /// <summary>Copies the raw output of the agent, byte for byte.</summary>
    public async Task CopyTranscriptAsync(string run, Query query, Stream target, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Run(run, "transcript") + query);
        using var response = await SendCheckedAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await body.CopyToAsync(target, cancellationToken);
        }
        catch (IOException e)
        {
            throw new UnreachableException(Server, $"The transcript broke off: {e.Message}");
        }
    }

    /// <summary>One connection's events after <paramref name="lastEventId"/>, live, until the server ends it or the connection breaks.</summary>
    public async IAsyncEnumerable<RunEvent> StreamEventsAsync(string run, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Run(run, "events"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        using var response = await SendCheckedAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = new SilenceLimit(await response.Content.ReadAsStreamAsync(cancellationToken), Silence, _time);
        await foreach (var item in RunEvent.ReadAsync(body, cancellationToken))
        {
            yield return item;
        }
    }
}
