using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Workflows.TestKit.Waiting;
using Xunit;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>
/// A model on 127.0.0.1 that answers as scripted, over the Anthropic Messages API (streaming and not, count_tokens). The
/// path of the base URL picks the script, so agents in parallel share a server. Start it as a class or assembly fixture,
/// or by <see cref="StartAsync"/>. Disposal ends every open request.
/// </summary>
public sealed class ScriptedModelServer : IAsyncLifetime
{
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, RegisteredScript> _scripts = new();
    private readonly Arrivals<string> _strays = new();
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;
    private int _named;

    /// <summary>For xunit, as a fixture.</summary>
    public ScriptedModelServer()
        : this(TimeProvider.System)
    {
    }

    private ScriptedModelServer(TimeProvider time) => _time = time;

    /// <summary>The root, without a script: <c>http://127.0.0.1:PORT/</c>.</summary>
    public Uri Address { get; private set; } = new("about:blank");

    /// <summary>Requests that no script answers, as <c>METHOD path</c>, <c>HEAD</c> among them.</summary>
    public IReadOnlyList<string> StrayRequests => _strays.Snapshot();

    /// <param name="time">The clock of the steps' delays; default the system's.</param>
    public static async Task<ScriptedModelServer> StartAsync(TimeProvider? time = null)
    {
        var server = new ScriptedModelServer(time ?? TimeProvider.System);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>Registers a script of these steps under a name of its own.</summary>
    public RegisteredScript Register(params IReadOnlyList<ModelStep> steps) => Register(new ModelScript(steps));

    /// <summary>Registers a script.</summary>
    /// <param name="name">A path segment; null picks an unused one. A name in use throws.</param>
    public RegisteredScript Register(ModelScript script, string? name = null)
    {
        name ??= $"script-{Interlocked.Increment(ref _named)}";
        var registered = new RegisteredScript(name, script, new Uri(Address, $"s/{Uri.EscapeDataString(name)}"));
        return _scripts.TryAdd(name, registered)
            ? registered
            : throw new ArgumentException($"A script named '{name}' is registered.", nameof(name));
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignalsLifetime>());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        new MessagesEndpoint(_scripts, AnswerStrayAsync, _time, _stopping.Token).Map(_app);
        _app.MapFallback(AnswerStrayAsync);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private Task AnswerStrayAsync(HttpContext context)
    {
        _strays.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsJsonAsync(
            MessagesBody.Error("not_found_error", $"no script answers; there are: {string.Join(", ", _scripts.Keys)}"));
    }

    /// <summary>The console's lifetime would take SIGTERM and SIGINT away from the test process.</summary>
    private sealed class NoSignalsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
