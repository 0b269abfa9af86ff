using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Api;
using Orleans.Workflows.Server;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>The whole server in this process: SQLite in one directory, loopback, a free port, and its agents end with it.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private EmbeddedServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public DemoUrls Urls => new(new Uri(Address, WorkflowsApiExtensions.Prefix).AbsoluteUri, new Uri(Address, ServerApplication.DashboardPath).AbsoluteUri, new Uri(Address, "openapi/v1.json").AbsoluteUri);

    public static async Task<EmbeddedServer> StartAsync(string directory, int slots, CancellationToken cancellationToken)
    {
        var application = await BuildAsync(directory, slots, cancellationToken);
        try
        {
            await application.StartAsync(cancellationToken);
            return new EmbeddedServer(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    private static Task<WebApplication> BuildAsync(string directory, int slots, CancellationToken cancellationToken) => ServerApplication.BuildAsync([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Workflows:Urls"] = "http://127.0.0.1:0",
            ["Workflows:StateDirectory"] = directory,
            ["Workflows:Database:Provider"] = "sqlite",
            ["Workflows:Database:ConnectionString"] = "",
            ["Workflows:Execution:Slots"] = slots.ToString(),
            ["Workflows:Execution:StopAgentsOnShutdown"] = "true",
            // A long poll that is under way holds the host's stop until it is over.
            ["Workflows:Admission:PollWait"] = "00:00:01",
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:Orleans.Workflows"] = "Error",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Error",
        });
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
