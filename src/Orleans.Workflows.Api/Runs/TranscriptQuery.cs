using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Which part of which output.</summary>
/// <param name="Attempt">Null: the latest.</param>
/// <param name="Tail">Only so many lines from the end; null: from <paramref name="From"/>.</param>
internal sealed record TranscriptQuery(int? Attempt, OutputStream Stream, int? Tail, long From, bool Follow)
{
    private const int MostLines = 100_000;
    private static readonly (string Name, OutputStream Value)[] Streams = [("stdout", OutputStream.Stdout), ("stderr", OutputStream.Stderr)];

    public static IReadOnlyList<ApiParameter> Parameters { get; } =
    [
        ApiParameter.Run,
        ApiParameter.Number("attempt", 1, int.MaxValue, null, "Which attempt; the latest when left out."),
        ApiParameter.Choice("stream", "stdout", "Which output.", Streams.Select(stream => stream.Name)),
        ApiParameter.Number("tail", 0, MostLines, null, "Only so many lines from the end; not with 'from'."),
        ApiParameter.Number("from", 0, long.MaxValue, 0, "Byte to begin at; to go on: X-Transcript-Offset and the bytes received."),
        ApiParameter.Flag("follow", false, "Go on with what comes until the attempt ends."),
    ];

    public static (TranscriptQuery Query, Failure? Failure) Read(HttpRequest request)
    {
        var query = new QueryReader(request);
        if (query.Has("tail") && query.Has("from"))
        {
            query.Refuse(Failure.Invalid("tail", "Both 'tail' and 'from' are there.", "Use one of them."));
        }

        return (new(
            (int?)query.Integer("attempt", 1, int.MaxValue),
            query.Choice<OutputStream>("stream", Streams) ?? OutputStream.Stdout,
            (int?)query.Integer("tail", 0, MostLines),
            query.Integer("from", 0, long.MaxValue) ?? 0,
            query.Flag("follow") ?? false), query.Failure);
    }
}
