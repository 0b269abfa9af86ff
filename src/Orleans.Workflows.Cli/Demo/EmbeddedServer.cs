using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Server;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>The whole server in this process: SQLite in one directory, loopback, a free port, and its agents end with it.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private EmbeddedServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public DemoUrls Urls => new(new Uri(Address, "api/v1").AbsoluteUri, new Uri(Address, "dashboard/").AbsoluteUri, new Uri(Address, "openapi/v1.json").AbsoluteUri);

    public static async Task<EmbeddedServer> StartAsync(string directory, int slots, CancellationToken cancellationToken)
    {
        var application = await ServerApplication.BuildAsync([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["Workflows:Execution:StateDirectory"] = directory,
                ["Workflows:Execution:Slots"] = slots.ToString(),
                ["Workflows:Execution:StopAgentsOnShutdown"] = "true",
            });
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error);
            // Stdout belongs to the demo's own output.
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
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

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
