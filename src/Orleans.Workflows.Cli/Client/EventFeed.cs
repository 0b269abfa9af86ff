using System.Runtime.CompilerServices;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

/// <summary>
/// Follows a run's history to its end over as many connections as it takes: after a break it goes on behind the last event
/// that it saw, so that nothing is missed and nothing comes twice.
/// </summary>
internal sealed class EventFeed(ApiClient api, TimeProvider time)
{
    /// <summary>How long the server may be away before the feed gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<RunEvent> FollowAsync(string run, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var awaySince = (long?)null;
        while (true)
        {
            await using var connection = api.StreamEventsAsync(run, lastEventId, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(connection))
            {
                awaySince = null;
                lastEventId = connection.Current.Id ?? lastEventId;
                yield return connection.Current;
            }

            switch (await IsOverAsync(run, lastEventId, cancellationToken))
            {
                case true:
                    yield break;
                case false:
                    awaySince = null;
                    break;
                default:
                    awaySince ??= time.GetTimestamp();
                    break;
            }

            if (awaySince is { } since && time.GetElapsedTime(since) > Patience)
            {
                throw new UnreachableException(api.Server, $"It has been away for {Patience.TotalSeconds:0} s. The run goes on: follow it again later.");
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    /// <summary>False as well when the connection broke.</summary>
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<RunEvent> connection)
    {
        try
        {
            return await connection.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or UnreachableException || e is ProblemException { Problem.Status: >= System.Net.HttpStatusCode.InternalServerError })
        {
            return false;
        }
    }

    /// <summary>Whether the run has ended and all of its history was seen; null when the server does not answer.</summary>
    private async Task<bool?> IsOverAsync(string run, string? lastEventId, CancellationToken cancellationToken)
    {
        try
        {
            var info = (await api.GetRunAsync(run, cancellationToken)).Value;
            return info.Status.IsTerminal() && (!long.TryParse(lastEventId, out var seen) || seen >= info.LastEventSeq);
        }
        catch (Exception e) when (e is UnreachableException || e is ProblemException { Problem.Status: >= System.Net.HttpStatusCode.InternalServerError })
        {
            return null;
        }
    }
}
