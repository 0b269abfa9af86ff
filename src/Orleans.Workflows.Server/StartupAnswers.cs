using Orleans.Workflows.Api.Health;

namespace Orleans.Workflows.Server;

/// <summary>Answers probes at the server's own addresses before the server itself can.</summary>
internal sealed class StartupAnswers : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StartupAnswers(WebApplication app) => _app = app;

    /// <summary>The process was told to end: this host catches its signals.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public static async Task<StartupAnswers> StartAsync(ServerOptions options, string waitsFor, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.RunStartupHealth(waitsFor, options.Hosts);
        await app.StartAsync(cancellationToken);
        return new(app);
    }

    /// <summary>The addresses are free again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
