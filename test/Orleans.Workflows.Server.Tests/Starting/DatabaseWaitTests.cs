using System.Collections;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Proxies;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Starting;

/// <summary>A server that is started before its database.</summary>
public sealed class DatabaseWaitTests
{
    [Fact]
    public async Task It_waits_for_the_database_live_but_not_ready_and_then_starts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync(cancellationToken: cancellation);
        await postgres.StopAsync();
        var url = $"http://127.0.0.1:{FreePort()}";
        var starting = WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Urls"] = url, ["DatabaseWait"] = "00:10:00" }, database);
        using var http = new HttpClient { BaseAddress = new(url) };

        Assert.Equal(HttpStatusCode.OK, await AnswerAsync(http, "live", starting));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AnswerAsync(http, "ready", starting));
        Assert.False(starting.IsCompleted);

        await postgres.RestartAsync();
        await using var server = await WaitFor.Completion(starting, postgres.LogTail, TestTimeouts.Process, cancellationToken: cancellation);
        Assert.Equal(HttpStatusCode.OK, await AnswerAsync(http, "ready", Task.CompletedTask));
    }

    [Fact]
    public async Task A_database_that_goes_away_in_the_middle_of_a_start_is_waited_for_anew()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var postgres = await PostgresServer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(cancellationToken: cancellation));
        await using var proxy = new TcpProxy(new(IPAddress.Loopback, database.Port));
        database.Port = proxy.Port;
        var begun = 0;
        var log = new RecordedLog();
        await using var server = await WorkflowsServer.StartAsync(connectionString: database.ConnectionString, log: log, services: services =>
        {
            if (++begun == 1)
            {
                services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new AtStart(proxy.Cut));
            }
            else
            {
                proxy.Mend();
            }
        });

        Assert.Equal(2, begun);
        Assert.Single(log.Lines, line => line.Contains("in the middle of the start", StringComparison.Ordinal));
        var run = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"] });
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(run.Id)).Status);
    }

    [Fact]
    public async Task It_gives_up_in_time_and_names_the_settings()
    {
        var settings = new Dictionary<string, string> { ["DatabaseWait"] = "00:00:00.100" };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkflowsServer.StartAsync(settings, $"Host=127.0.0.1;Port={FreePort()};Username=nobody;Database=none"));
        Assert.Contains("Workflows:Database:ConnectionString", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Workflows:DatabaseWait", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_waits_ends_when_it_is_told_to()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("ow-wait-").FullName;
        var url = $"http://127.0.0.1:{FreePort()}";
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        environment["Workflows__Urls"] = url;
        environment["Workflows__StateDirectory"] = Path.Combine(directory, "state");
        environment["Workflows__DatabaseWait"] = "01:00:00";
        environment["Workflows__Database__Provider"] = "postgresql";
        environment["Workflows__Database__ConnectionString"] = $"Host=127.0.0.1;Port={FreePort()};Username=nobody;Database=none";
        await using (var program = RunningProgram.Start(Path.Combine(AppContext.BaseDirectory, "Orleans.Workflows.Server"), [], AppContext.BaseDirectory, environment))
        {
            using var http = new HttpClient { BaseAddress = new(url) };
            Assert.Equal(HttpStatusCode.OK, await AnswerAsync(http, "live", Task.CompletedTask));

            await program.SignalAsync("TERM");

            var result = await program.EndAsync(cancellationToken: cancellation);
            Assert.True(result.ExitCode == 0, result.ToString());
        }

        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Nothing listens until the first try has failed.</summary>
    private static async Task<HttpStatusCode> AnswerAsync(HttpClient http, string probe, Task starting)
    {
        object answer = await WaitFor.Value<object>(
            async cancellation =>
            {
                try
                {
                    using var response = await http.GetAsync(new Uri($"/api/v1/health/{probe}", UriKind.Relative), cancellation);
                    return response.StatusCode;
                }
                catch (Exception exception) when (exception is HttpRequestException or SocketException)
                {
                    return null;
                }
            },
            () => $"The start: {starting.Status} {starting.Exception}",
            cancellationToken: TestContext.Current.CancellationToken);
        return (HttpStatusCode)answer;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Does something once the databases are open and before the silo has joined.</summary>
    private sealed class AtStart(Action act) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(AtStart), ServiceLifecycleStage.First, _ =>
        {
            act();
            return Task.CompletedTask;
        });
    }
}
