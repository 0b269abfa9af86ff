using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>A run's history: a page of it, or live by server-sent events. While nothing happens, nothing is read.</summary>
internal sealed class RunEventsEndpoints(RunReads runs, ILedger ledger, IHostApplicationLifetime lifetime)
{
    private const int MostEvents = 1_000;
    private const int StandardEvents = 200;
    private const int BatchesAtOnce = 32;
    private const string EventStream = "text/event-stream";

    /// <summary>A comment so often tells proxies and clients that the connection lives.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder api) => api.MapApi("GET", "/runs/{id}/events", ReadAsync, new()
    {
        Id = "listEvents",
        Tag = "runs",
        Summary = "A run's history, by page or live",
        Description = "With 'Accept: text/event-stream' it is live: id is the event's number, event its type; it ends behind the run's last event, and a reconnect behind that is answered with 204.",
        Parameters =
        [
            ApiParameter.Run,
            ApiParameter.Number("after", 0, long.MaxValue, 0, "Only events with a higher number."),
            ApiParameter.Number("limit", 1, MostEvents, StandardEvents, "Events a page."),
            new("Last-Event-ID", Microsoft.OpenApi.ParameterLocation.Header, "Live: go on behind this event.", new() { Type = Microsoft.OpenApi.JsonSchemaType.Integer }),
        ],
        Answers = [new(200, "Oldest first.", typeof(EventPageDocument)), new(200, "Live.", null, EventStream), new(204, "Live: the run has ended and all its events were seen.", null, "")],
        Problems = [400, 404],
    });

    private async Task ReadAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var after = query.Integer("after", 0, long.MaxValue) ?? 0;
        var limit = (int)(query.Integer("limit", 1, MostEvents) ?? StandardEvents);
        var isLive = context.Request.Headers.Accept.Any(value => value?.Contains(EventStream, StringComparison.OrdinalIgnoreCase) == true);
        if (isLive && context.Request.Headers.TryGetValue("Last-Event-ID", out var last) && last != "")
        {
            if (long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
            {
                after = seen;
            }
            else
            {
                query.Refuse(Failures.Failure.Invalid("Last-Event-ID", "The header Last-Event-ID is no event's number.", "Send the 'id' of the last event that was seen, or leave it out."));
            }
        }

        if (query.Failure is { } failure)
        {
            await context.RefuseAsync(failure);
        }
        else if (await runs.FindAsync(context) is { } run)
        {
            await (isLive ? FollowAsync(context, run, after) : PageAsync(context, run, after, limit));
        }
    }

    private async Task PageAsync(HttpContext context, RunInfo run, long after, int limit)
    {
        // Read before anything is written: a fault now can still be answered as one.
        var batches = await ReadAsync(run, after, context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        var output = context.Response.BodyWriter;
        output.Write("{\"items\":["u8);
        var (next, count) = (after, 0);
        while (count < limit && batches.Count > 0)
        {
            foreach (var item in batches.SelectMany(batch => StoredEvent.Split(batch, after)).Take(limit - count))
            {
                output.Write(count++ == 0 ? default : ","u8);
                item.WriteTo(output);
                next = item.Seq;
            }

            await output.FlushAsync(context.RequestAborted);
            batches = count < limit ? await ReadAsync(run, next, context.RequestAborted) : [];
        }

        output.Write(Encoding.UTF8.GetBytes($"],\"nextAfter\":{next},\"hasMore\":{(next < run.LastEventSeq ? "true" : "false")}}}"));
        await output.FlushAsync(context.RequestAborted);
    }

    private async Task<IReadOnlyList<EventBatchRow>> ReadAsync(RunInfo run, long after, CancellationToken cancellationToken) =>
        after < run.LastEventSeq ? await ledger.ReadEventsAsync(run.Id, after, BatchesAtOnce, cancellationToken) : [];

    private async Task FollowAsync(HttpContext context, RunInfo run, long after)
    {
        if (run.Status.IsTerminal() && after >= run.LastEventSeq)
        {
            // Tells an EventSource not to connect again.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = EventStream;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        // nginx would hold events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var output = context.Response.BodyWriter;
        try
        {
            for (RunInfo? now = run; now is not null; now = await runs.Grain(run.Id).WaitAsync(after, untilEnded: false, Heartbeat).WaitAsync(either.Token))
            {
                var before = after;
                after = await SendAsync(output, now, after, either.Token);
                if (now.Status.IsTerminal())
                {
                    return;
                }

                if (after == before)
                {
                    output.Write(": alive\n\n"u8);
                    await output.FlushAsync(either.Token);
                }
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The client went away, or the server stops: the client comes back behind the last event that it saw.
        }
    }

    private async Task<long> SendAsync(PipeWriter output, RunInfo run, long after, CancellationToken cancellationToken)
    {
        while (after < run.LastEventSeq)
        {
            var batches = await ledger.ReadEventsAsync(run.Id, after, BatchesAtOnce, cancellationToken);
            if (batches.Count == 0)
            {
                return run.LastEventSeq;
            }

            foreach (var batch in batches)
            {
                after = SendBatch(output, batch, after);
                var flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    throw new OperationCanceledException(cancellationToken);
                }
            }
        }

        return after;
    }

    private static long SendBatch(PipeWriter output, EventBatchRow batch, long after)
    {
        Span<byte> number = stackalloc byte[20];
        foreach (var item in StoredEvent.Split(batch, after))
        {
            output.Write("id: "u8);
            Utf8Formatter.TryFormat(item.Seq, number, out var length);
            output.Write(number[..length]);
            output.Write("\nevent: "u8);
            output.Write(Encoding.UTF8.GetBytes(item.Type));
            output.Write("\ndata: "u8);
            item.WriteTo(output);
            output.Write("\n\n"u8);
        }

        return Math.Max(after, batch.LastSeq);
    }
}
