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
        var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Admission:PollWait"] = "00:10:00", ["ShutdownTimeout"] = "00:10:00" });
        var run = await server.StartRunAsync(new StartRunRequest { Agent = "scripted", Message = """{"steps":[{"text":"up"},{"hang":true}]}""" });
        await using var events = EventStream.ReadAsync(server.Http, run.Id.ToString(), null, cancellation).GetAsyncEnumerator(cancellation);
        while (await events.MoveNextAsync() && events.Current.Type != "agent_message")
        {
            // Up to the point from which on there is no news.
        }

        var following = server.Http.GetAsync(new Uri($"/api/v1/runs/{run.Id}/result?wait=60", UriKind.Relative), cancellation);
        await WaitFor.Completion(server.StopAsync(), () => "The server still stops.", cancellationToken: cancellation);
        Assert.True(following.IsCompleted);
        Directory.Delete(server.Directory, recursive: true);
    }
}
