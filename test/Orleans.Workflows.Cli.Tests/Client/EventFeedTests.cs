using System.Globalization;
using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Cli.Client;

namespace Orleans.Workflows.Cli.Tests.Client;

public sealed class EventFeedTests
{
    [Fact]
    public async Task A_server_that_falls_silent_is_asked_again()
    {
        var connections = 0;
        await using var server = await RecordedServer.StartAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(Documents.Run(Volatile.Read(ref connections) > 1 ? "Completed" : "Running", 2));
                return;
            }

            var connection = Interlocked.Increment(ref connections);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"id: {connection}\nevent: agent_message\ndata: {{\"seq\":{connection}}}\n\n");
            await context.Response.Body.FlushAsync();
            if (connection == 1)
            {
                // No event, no beat, no end.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        using var api = new ApiClient(new Uri(server.Url), TimeProvider.System) { Silence = TimeSpan.FromMilliseconds(200) };
        var feed = new EventFeed(api, TimeProvider.System) { RetryDelay = TimeSpan.FromMilliseconds(1) };

        var seen = new List<string>();
        await foreach (var item in feed.FollowAsync(Documents.Id, null, TestContext.Current.CancellationToken))
        {
            seen.Add(item.Json);
        }

        Assert.Equal(["{\"seq\":1}", "{\"seq\":2}"], seen);
    }

    [Fact]
    public async Task Broken_connections_neither_lose_nor_repeat_an_event()
    {
        // Each connection gives at most two events more and is cut in the middle of the next.
        const int all = 7;
        var ended = false;
        await using var server = await RecordedServer.StartAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(Documents.Run(Volatile.Read(ref ended) ? "Completed" : "Running", all));
                return;
            }

            var after = int.Parse(context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
            var last = Math.Min(after + 2, all);
            Volatile.Write(ref ended, last == all);
            context.Response.ContentType = "text/event-stream";
            for (var seq = after + 1; seq <= last; seq++)
            {
                await context.Response.WriteAsync($"id: {seq}\nevent: agent_message\ndata: {{\"seq\":{seq}}}\n\n");
            }

            await context.Response.WriteAsync("id: 999\ndata: {\"se");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var api = new ApiClient(new Uri(server.Url), TimeProvider.System);
        var feed = new EventFeed(api, TimeProvider.System) { RetryDelay = TimeSpan.FromMilliseconds(1) };

        var seen = new List<string>();
        await foreach (var item in feed.FollowAsync(Documents.Id, null, TestContext.Current.CancellationToken))
        {
            seen.Add(item.Json);
        }

        Assert.Equal(Enumerable.Range(1, all).Select(seq => $"{{\"seq\":{seq}}}"), seen);
    }
}
