using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Cli.Tests;

/// <summary>One real server for the tests of a class.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private WorkflowsServer? _server;

    public string Url => _server!.Http.BaseAddress!.AbsoluteUri;

    public async ValueTask InitializeAsync() => _server = await WorkflowsServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
