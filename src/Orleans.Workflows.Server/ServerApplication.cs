using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Orleans.Workflows.Api;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Server;

/// <summary>The whole service as one process: a silo with the engine, the REST API, the OpenAPI document and the Orleans Dashboard.</summary>
public static partial class ServerApplication
{
    /// <summary>Where the dashboard is.</summary>
    public const string DashboardPath = "/dashboard";

    // Beyond the API's own limit, which answers with a problem; a body of up to this size is read to its end for that.
    private const long LargestBody = 64 * 1024 * 1024;

    // A database that answers and fails again would have the whole server built in a loop.
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Builds the server and starts it; the caller waits for its end. A database that goes away in between is waited for
    /// anew, all of it for <see cref="ServerOptions.DatabaseWait"/> after the first such fault.
    /// </summary>
    /// <inheritdoc cref="BuildAsync" path="/param"/>
    /// <inheritdoc cref="BuildAsync" path="/exception"/>
    public static async Task<WebApplication> StartAsync(string[] args, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellationToken = default)
    {
        long? since = null;
        while (true)
        {
            var app = await BuildAsync(args, configure, cancellationToken);
            try
            {
                await app.StartAsync(cancellationToken);
                return app;
            }
            catch (Exception exception)
            {
                var wait = app.Configuration.GetSection(WorkflowsHostingExtensions.Section).Get<ServerOptions>()?.DatabaseWait ?? new ServerOptions().DatabaseWait;
                var isTold = cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested;
                since ??= TimeProvider.System.GetTimestamp();
                var left = wait - TimeProvider.System.GetElapsedTime(since.Value);
                var isAgain = !isTold && DatabaseOpening.IsOfDatabase(exception) && left > TimeSpan.Zero;
                if (isAgain)
                {
                    LogAgain(app.Logger, RestartPause, left, exception.GetBaseException().Message);
                }

                await app.DisposeAsync();
                if (!isAgain)
                {
                    throw;
                }

                await Task.Delay(RestartPause, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Takes the node's directory, opens (and migrates) the databases and builds the server; the caller runs it.</summary>
    /// <param name="args">Settings as <c>--Workflows:Urls=…</c>; they go before the environment (<c>Workflows__Urls</c>) and <c>appsettings.json</c>.</param>
    /// <param name="configure">Changes settings and services before they are read.</param>
    /// <param name="cancellationToken">Ends the wait for a database; so do SIGTERM and Ctrl-C.</param>
    /// <exception cref="OperationCanceledException">It was told to end while it waited.</exception>
    /// <exception cref="InvalidOperationException">Another process holds the state directory, a setting is wrong, or a database is away for too long or newer than this program.</exception>
    /// <exception cref="ArgumentException">A setting of the database is wrong; the message names it.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellationToken = default)
    {
        // Watching settings files would take one of the few inotify instances a user has.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = LoggingExtensions.Defaults });
        configure?.Invoke(builder);

        var settings = builder.Configuration.GetSection(WorkflowsHostingExtensions.Section);
        var options = settings.Get<ServerOptions>() ?? new();
        var resources = await ServerResources.OpenAsync(settings, options, cancellationToken);
        try
        {
            builder.AddServer(options, resources);
            var app = builder.Build();
            // Before anything reads its own settings and stops at the first fault: all of them are told at once.
            app.Services.GetService<IStartupValidator>()?.Validate();

            // Made first, so disposed last: after the silo has stopped.
            app.Services.GetRequiredService<ServerResources>();
            app.UseWorkflowsApi(options.Hosts);
            if (app.Services.GetRequiredService<IOptions<NodeOptions>>().Value.Role is NodeRole.Executor)
            {
                // Agents of this machine reach its port: there is nothing behind it to start or end runs with.
                app.MapWorkflowsHealth();
                return app;
            }

            app.MapWorkflowsApi();
            if (options.Dashboard)
            {
                app.MapOrleansDashboard(DashboardPath);
            }

            return app;
        }
        catch
        {
            await resources.DisposeAsync();
            throw;
        }
    }

    private static void AddServer(this WebApplicationBuilder builder, ServerOptions options, ServerResources resources)
    {
        builder.Logging.ClearProviders().AddServerConsole();
        builder.Services.AddSingleton(_ => resources);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.AddOrleansWorkflows(resources.Node, resources.Ledger, resources.Database);
        if (options.Dashboard)
        {
            builder.UseOrleans(silo => silo.AddDashboard(dashboard => dashboard.HideTrace = true));
        }

        builder.Services.AddWorkflowsApi();
        builder.AddServerTelemetry(resources.Node.Id);
    }

    [LoggerMessage(LogLevel.Warning, "The database failed in the middle of the start, which begins again in {Pause} and is tried for {Left}: {Reason}")]
    private static partial void LogAgain(ILogger logger, TimeSpan pause, TimeSpan left, string reason);
}
