using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Workflows.Ledger.Schema;
using Orleans.Workflows.TestKit.Postgres;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Orleans' own ADO.NET providers, started for real on our tables.</summary>
public sealed class OrleansProviderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-orleans-").FullName;

    public static TheoryData<string> Providers => [LedgerProviders.Sqlite, LedgerProviders.PostgreSql];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, MemberData(nameof(Providers))]
    public async Task Grain_storage_writes_reads_refuses_a_stale_write_and_clears(string provider)
    {
        using var host = await StartAsync(provider, "storage", 11_511);
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>("default");
        var grain = GrainId.Create("sample", $"key-{Guid.NewGuid():N}");

        var state = new GrainState<Sample>(new Sample());
        await storage.ReadStateAsync("s", grain, state, Token);
        Assert.False(state.RecordExists);

        state.State = new Sample { Text = "one" };
        await storage.WriteStateAsync("s", grain, state, Token);
        var stale = new GrainState<Sample>(new Sample());
        await storage.ReadStateAsync("s", grain, stale, Token);
        Assert.Equal("one", stale.State?.Text);

        state.State = new Sample { Text = "two" };
        await storage.WriteStateAsync("s", grain, state, Token);
        stale.State = new Sample { Text = "lost" };
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", grain, stale, Token));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", grain, new GrainState<Sample>(new Sample { Text = "first again" }), Token));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("s", grain, stale, Token));

        await storage.ReadStateAsync("s", grain, stale, Token);
        Assert.Equal("two", stale.State?.Text);
        await storage.ClearStateAsync("s", grain, stale, Token);
        var after = new GrainState<Sample>(new Sample());
        await storage.ReadStateAsync("s", grain, after, Token);
        Assert.False(after.RecordExists);
        after.State = new Sample { Text = "three" };
        await storage.WriteStateAsync("s", grain, after, Token);
        await host.StopAsync(Token);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Reminders_are_kept_replaced_found_by_range_and_removed_once(string provider)
    {
        using var host = await StartAsync(provider, "reminders", 11_521);
        var table = host.Services.GetRequiredService<IReminderTable>();
        var grain = GrainId.Create("sample", Guid.NewGuid().ToString("N"));
        var due = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        ReminderEntry Entry(TimeSpan period) => new() { GrainId = grain, ReminderName = "r", StartAt = due, Period = period };

        var first = await table.UpsertRow(Entry(TimeSpan.FromMinutes(1)), Token);
        var second = await table.UpsertRow(Entry(TimeSpan.FromMinutes(2)), Token);
        Assert.NotEqual(first, second);
        var read = await table.ReadRow(grain, "r", Token);
        Assert.Equal((due, TimeSpan.FromMinutes(2), second), (read!.StartAt, read.Period, read.ETag));
        Assert.Equal("r", Assert.Single((await table.ReadRows(grain, Token)).Reminders).ReminderName);
        var hash = grain.GetUniformHashCode();
        Assert.Contains((await table.ReadRows(hash - 1, hash, Token)).Reminders, reminder => reminder.GrainId == grain);
        Assert.DoesNotContain((await table.ReadRows(hash, hash + 1, Token)).Reminders, reminder => reminder.GrainId == grain);
        Assert.Contains((await table.ReadRows(hash + 1, hash, Token)).Reminders, reminder => reminder.GrainId == grain);
        Assert.False(await table.RemoveRow(grain, "r", first!, Token));
        Assert.True(await table.RemoveRow(grain, "r", second!, Token));
        Assert.Null(await table.ReadRow(grain, "r", Token));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Two_silos_find_each_other_through_membership_and_leave()
    {
        using var one = await StartAsync(LedgerProviders.PostgreSql, "membership", 11_531, clustered: true);
        using var two = await StartAsync(LedgerProviders.PostgreSql, "membership", 11_532, clustered: true);
        var management = one.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        Assert.Equal(2, (await management.GetHosts(true, Token)).Count);
        await two.StopAsync(Token);
        Assert.Single(await management.GetHosts(true, Token));
        await one.StopAsync(Token);
    }

    private async Task<IHost> StartAsync(string provider, string service, int port, bool clustered = false)
    {
        var connectionString = provider == LedgerProviders.Sqlite ? $"Data Source={Path.Combine(_directory, "orleans.db")};Pooling=False" : postgres.ConnectionString;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OrleansSchema.ApplyAsync(provider, connectionString, Token)));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            var invariant = OrleansSchema.InvariantOf(provider);
            silo.AddAdoNetGrainStorage("default", options => (options.Invariant, options.ConnectionString) = (invariant, connectionString));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (invariant, connectionString));
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (service, service));
            if (clustered)
            {
                silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (invariant, connectionString));
                silo.ConfigureEndpoints(IPAddress.Loopback, port, gatewayPort: 0);
            }
            else
            {
                silo.UseLocalhostClustering(port, gatewayPort: 0);
            }
        });
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }

    public sealed class Sample
    {
        public string Text { get; set; } = "";
    }
}
