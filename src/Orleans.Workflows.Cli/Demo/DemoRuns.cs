using System.Runtime.CompilerServices;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>The runs of one demo: submits them over REST and watches them to their end.</summary>
internal sealed class DemoRuns(ApiClient api, TimeProvider time)
{
    private const string Workflow = "demo";
    private const string Label = "demo";
    private const int InFlight = 8;
    private const int PageSize = 500;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly string _name = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>Every run has its own idempotency key, so that asking twice could not start it twice.</summary>
    public Task SubmitAsync(int count, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(1, count),
        new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
        async (number, token) =>
        {
            var request = new StartRunRequest { Workflow = Workflow, Message = $"Demo run {number} of {count}", Labels = new() { [Label] = _name } };
            await api.StartAsync(request, $"demo-{_name}-{number}", token);
        });

    /// <summary>All runs as they are, again and again until every one has ended; oldest first.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RunInfo>> WatchAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (true)
        {
            var runs = await ReadAsync(cancellationToken);
            yield return runs;
            if (runs.Count >= count && runs.All(run => run.Status.IsTerminal()))
            {
                yield break;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<RunInfo>> ReadAsync(CancellationToken cancellationToken)
    {
        var runs = new List<RunInfo>();
        string? cursor = null;
        do
        {
            var query = new Query().Add("label", $"{Label}:{_name}").Add("limit", $"{PageSize}").Add("total", "false").Add("cursor", cursor);
            var page = (await api.ListAsync(query, cancellationToken)).Value;
            runs.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        // A page boundary may move while runs are added; ids order by acceptance.
        return [.. runs.DistinctBy(run => run.Id).OrderBy(run => run.Id)];
    }
}
