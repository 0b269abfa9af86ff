using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Running;

public sealed class StoppingTests
{
    [Fact]
    public async Task A_server_stops_although_clients_and_nodes_wait_for_news()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var arrivals = new RequestArrivals();
        var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Admission:PollWait"] = "00:10:00", ["ShutdownTimeout"] = "00:10:00" }, services: services => services.AddSingleton<IStartupFilter>(arrivals));
        var run = await server.StartRunAsync(new StartRunRequest { Agent = "scripted", Message = """{"steps":[{"text":"up"},{"hang":true}]}""" });
        await using var events = EventStream.ReadAsync(server.Http, run.Id.ToString(), null, cancellation).GetAsyncEnumerator(cancellation);
        while (await events.MoveNextAsync() && events.Current.Type != "agent_message")
        {
            // Up to the point from which on there is no news.
        }

        var following = server.Http.GetAsync(new Uri($"/api/v1/runs/{run.Id}/result?wait=60", UriKind.Relative), cancellation);
        await WaitFor.Value(
            _ => ValueTask.FromResult(arrivals.Paths.Snapshot().FirstOrDefault(path => path.EndsWith("/result", StringComparison.Ordinal))),
            () => "The request has not come.",
            cancellationToken: cancellation);
        await WaitFor.Completion(server.StopAsync(), () => "The server still stops.", cancellationToken: cancellation);
        // What it was at the server's end: not ended, to be asked again.
        using var answer = await following;
        var reply = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.Conflict, reply);
        Assert.Equal("run_active", JsonElement.Parse(reply).GetProperty("code").GetString());
        Directory.Delete(server.Directory, recursive: true);
    }

    /// <summary>What the server has taken in.</summary>
    private sealed class RequestArrivals : IStartupFilter
    {
        public Arrivals<string> Paths { get; } = new();

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, after) =>
            {
                Paths.Add(context.Request.Path);
                return after(context);
            });
            next(app);
        };
    }
}
