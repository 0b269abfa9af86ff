using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>The agent's raw output, byte for byte.</summary>
internal sealed class TranscriptEndpoints(RunReads runs, ILedger ledger, IHostApplicationLifetime lifetime)
{
    private const string OffsetHeader = "X-Transcript-Offset";
    private const string Bytes = "application/octet-stream";
    private const string JsonLines = "application/x-ndjson";

    /// <summary>Output that makes no event is looked for so often.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder api) => api.MapApi("GET", "/runs/{id}/transcript", ReadAsync, new()
    {
        Id = "getTranscript",
        Tag = "runs",
        Summary = "An attempt's raw output",
        Description = $"The header {OffsetHeader} tells at which byte it begins.",
        Parameters = TranscriptQuery.Parameters,
        Answers = [new(200, "The bytes as the agent wrote them.", null, Bytes), new(200, "The same, of an agent that prints JSON lines.", null, JsonLines)],
        Problems = [400, 404],
    });

    private async Task ReadAsync(HttpContext context)
    {
        var (query, failure) = TranscriptQuery.Read(context.Request);
        if (failure is not null)
        {
            await context.RefuseAsync(failure);
            return;
        }

        if (await runs.FindAsync(context) is not { } run)
        {
            return;
        }

        var number = query.Attempt ?? run.Attempts;
        if (number == 0 || await AttemptAsync(run.Id, number, context.RequestAborted) is not { } attempt)
        {
            await context.RefuseAsync(Failure.NotFound(
                number == 0 ? "The run has no attempt yet." : $"The run has no attempt {number}.",
                number == 0 ? "Wait until it runs." : $"It has {run.Attempts}; leave 'attempt' out for the latest.")
                with { Code = "attempt_not_found", Field = "attempt", Retryable = number == 0 });
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var from = query.Tail is { } lines
            ? await TranscriptTail.StartAsync(ledger, run.Id, number, query.Stream, Length(attempt, query.Stream), lines, either.Token)
            : query.From;
        var isJson = query.Stream == OutputStream.Stdout && run.Agent != "command";
        var name = query.Stream == OutputStream.Stdout ? "stdout" : "stderr";
        var headers = context.Response.Headers;
        context.Response.ContentType = isJson ? JsonLines : Bytes;
        headers.ContentDisposition = $"attachment; filename=\"{run.Id}-{number}-{name}.{(isJson ? "ndjson" : "log")}\"";
        headers.CacheControl = "no-store";
        headers[OffsetHeader] = from.ToString(CultureInfo.InvariantCulture);
        await context.Response.StartAsync(either.Token);
        try
        {
            var at = await CopyAsync(context.Response.BodyWriter, run.Id, number, query.Stream, from, either.Token);
            if (query.Follow)
            {
                await FollowAsync(context.Response.BodyWriter, run, number, query.Stream, at, either.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // A transcript cut by the server's end must not look whole.
            context.Abort();
        }
    }

    /// <summary>Goes on until the attempt has ended, or is gone with its run, and all of it was copied. Reads only when the run's record has changed.</summary>
    private async Task FollowAsync(PipeWriter output, RunInfo run, int number, OutputStream stream, long at, CancellationToken cancellationToken)
    {
        var version = 0L;
        for (RunInfo? now = run; now is not null; now = await runs.Grain(run.Id).WaitAsync(now.LastEventSeq, untilEnded: false, LookPeriod).WaitAsync(cancellationToken))
        {
            if (now.Version != version)
            {
                // Judged before the copy: what was recorded until the end is then in it.
                var isOver = await AttemptAsync(run.Id, number, cancellationToken) is not { EndedAt: null };
                version = now.Version;
                at = await CopyAsync(output, run.Id, number, stream, at, cancellationToken);
                if (isOver)
                {
                    return;
                }
            }
        }
    }

    private async Task<long> CopyAsync(PipeWriter output, RunId run, int attempt, OutputStream stream, long from, CancellationToken cancellationToken)
    {
        await foreach (var chunk in ledger.ReadTranscriptAsync(run, attempt, stream, from, cancellationToken))
        {
            var skip = from - chunk.Offset;
            if (skip < chunk.Bytes.Length)
            {
                await output.WriteAsync(chunk.Bytes[(int)Math.Max(0, skip)..], cancellationToken);
                from = chunk.Offset + chunk.Bytes.Length;
            }
        }

        return from;
    }

    private async Task<AttemptRow?> AttemptAsync(RunId run, int number, CancellationToken cancellationToken) =>
        (await ledger.ReadAttemptsAsync(run, cancellationToken)).FirstOrDefault(attempt => attempt.Number == number);

    private static long Length(AttemptRow attempt, OutputStream stream) => stream == OutputStream.Stdout ? attempt.StdoutOffset : attempt.StderrOffset;
}
