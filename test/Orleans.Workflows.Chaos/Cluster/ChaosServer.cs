using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Workflows.Server;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>
/// The server's own application with two differences: it listens for other silos at another port than the one it tells them, so
/// that a proxy can stand in between, and its counters of repairs are written down. Run as <c>serve</c>.
/// </summary>
internal static class ChaosServer
{
    public const string Command = "serve";

    /// <summary>Environment variable with the port that it listens on for other silos.</summary>
    public const string ListenVariable = "CHAOS_SILO_PORT";

    public static async Task<int> RunAsync(string[] args)
    {
        var port = int.Parse(Environment.GetEnvironmentVariable(ListenVariable)!, CultureInfo.InvariantCulture);
        using var recorder = new RepairRecorder(Environment.GetEnvironmentVariable(RepairRecorder.Variable)!, Environment.GetEnvironmentVariable("Workflows__Execution__Node")!);
        await using var app = await ServerApplication.StartAsync(args, builder =>
            builder.Services.PostConfigure<EndpointOptions>(endpoint => endpoint.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, port)));
        await app.WaitForShutdownAsync();
        return 0;
    }
}
