using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Opening: many at once, again, from what a crash left, and databases that can't be used.</summary>
public sealed class LedgerOpeningTests
{
    public static TheoryData<string> Providers => [LedgerProviders.Sqlite, LedgerProviders.PostgreSql];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Providers))]
    public async Task Several_silos_that_open_an_empty_database_at_once_migrate_it_once(string provider)
    {
        await using var fixture = Create(provider, open: false);
        await fixture.InitializeAsync();
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => fixture.OpenAsync(options => options.Node = $"node-{i}")));
        foreach (var ledger in ledgers)
        {
            Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token)).IsCommitted);
            await ledger.DisposeAsync();
        }

        Assert.Equal(await fixture.ScalarAsync("select count(distinct scriptname) from ledger_schema_versions"), await fixture.ScalarAsync("select count(*) from ledger_schema_versions"));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Everything_stands_after_a_restart_and_the_writers_sequence_goes_on(string provider)
    {
        await using var fixture = Create(provider);
        await fixture.InitializeAsync();
        var first = await EndAsync(fixture.Ledger);
        await using var again = await fixture.OpenAsync();
        var second = await EndAsync(again);
        Assert.NotNull(await again.ReadRunAsync(first, Token));
        var ended = await again.ReadEndedAsync(new Dictionary<int, long>(), 10, Token);
        Assert.Equal([first, second], ended.Select(row => row.Run).Order());
        Assert.Equal(ended.Count, ended.Select(row => (row.Writer, row.WriterSeq)).Distinct().Count());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_database_of_a_newer_version_is_refused_in_words(string provider)
    {
        await using var fixture = Create(provider);
        await fixture.InitializeAsync();
        await fixture.ExecuteAsync("insert into ledger_schema_versions (scriptname, applied) values ('9999_future.sql', '2030-01-01')");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.OpenAsync());
        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_SQLite_file_copied_in_flight_holds_everything_that_was_answered()
    {
        await using var fixture = new SqliteLedgerFixture();
        await fixture.InitializeAsync();
        var runs = new List<RunId>();
        for (var i = 0; i < 50; i++)
        {
            runs.Add(await EndAsync(fixture.Ledger));
        }

        // What a power cut leaves: the file and its log as they are, without a clean close.
        var source = fixture.ConnectionString["Data Source=".Length..];
        var copy = Directory.CreateTempSubdirectory("ow-crash-");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(source)!).Where(file => file.EndsWith(".db", StringComparison.Ordinal) || file.EndsWith("-wal", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        }

        await using (var ledger = await fixture.OpenAsync(options => options.ConnectionString = $"Data Source={Path.Combine(copy.FullName, Path.GetFileName(source))}"))
        {
            foreach (var run in runs)
            {
                Assert.Equal(RunStatus.Failed, (await ledger.ReadRunAsync(run, Token))!.Status);
            }
        }

        copy.Delete(recursive: true);
    }

    [Fact]
    public async Task A_ledger_that_closes_first_writes_what_it_took_in()
    {
        await using var fixture = new SqliteLedgerFixture();
        await fixture.InitializeAsync();
        var ledger = await fixture.OpenAsync(options => options.Node = "closing");
        var appends = Enumerable.Range(0, 500).Select(_ => ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token)).ToList();
        await ledger.DisposeAsync();
        Assert.All(await Task.WhenAll(appends), result => Assert.True(result.IsCommitted));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token));
    }

    [Theory]
    [InlineData("oracle", "x", "n", "Workflows:Database:Provider")]
    [InlineData("sqlite", "", "n", "Workflows:Database:ConnectionString")]
    [InlineData("sqlite", "Data Source=:memory:", "n", "Workflows:Database:ConnectionString")]
    [InlineData("postgresql", "Password=geheim;Nonsense=1", "n", "Workflows:Database:ConnectionString")]
    [InlineData("sqlite", "Data Source=/nowhere/x.db", "", "Workflows:Database:Node")]
    public async Task A_wrong_setting_is_named_and_no_secret_is_shown(string provider, string connection, string node, string setting)
    {
        var options = new LedgerOptions { Provider = provider, ConnectionString = connection, Node = node };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => LedgerFactory.OpenAsync(options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, Token));
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<RunId> EndAsync(ILedger ledger)
    {
        var run = Accepted();
        Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = run }, Token)).IsCommitted);
        Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Failed) }, Token)).IsCommitted);
        return run.Id;
    }

    private static LedgerFixture Create(string provider, bool open = true)
    {
        LedgerFixture fixture = provider == LedgerProviders.Sqlite ? new SqliteLedgerFixture() : new PostgresLedgerFixture();
        fixture.OpensLedger = open;
        return fixture;
    }
}
