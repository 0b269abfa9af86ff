using Npgsql;
using Orleans.Workflows.TestKit.Postgres;

namespace Orleans.Workflows.Server.Tests.ModelServer;

public sealed class PostgresServerTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_commits_durably()
    {
        await using var source = NpgsqlDataSource.Create(fixture.ConnectionString);

        Assert.Equal("on", await ScalarAsync(source, "SHOW fsync"));
        Assert.Equal("on", await ScalarAsync(source, "SHOW synchronous_commit"));
        Assert.Equal("on", await ScalarAsync(source, "SHOW full_page_writes"));
    }

    [Fact]
    public async Task Each_database_is_empty_and_goes_away_with_its_sessions_open()
    {
        var server = await PostgresServer.SharedAsync();
        var connectionString = await server.CreateDatabaseAsync(cancellationToken: Cancel);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var open = await source.OpenConnectionAsync(Cancel);
        await using (var command = new NpgsqlCommand("CREATE TABLE t (x int)", open))
        {
            await command.ExecuteNonQueryAsync(Cancel);
        }

        await using var other = NpgsqlDataSource.Create(fixture.ConnectionString);
        Assert.Equal(DBNull.Value, await ScalarAsync(other, "SELECT to_regclass('t')::text"));

        await server.DropDatabaseAsync(connectionString);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("SELECT 1", open).ExecuteNonQueryAsync(Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_committed_survives_a_restart(bool immediate)
    {
        await using var server = await PostgresServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync(cancellationToken: Cancel);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await ScalarAsync(source, "CREATE TABLE t (x int); INSERT INTO t VALUES (1); SELECT 1");

        await server.RestartAsync(immediate);

        NpgsqlConnection.ClearAllPools();
        await using var after = NpgsqlDataSource.Create(connectionString);
        Assert.Equal(1, await ScalarAsync(after, "SELECT x FROM t"));
    }

    [Fact]
    public async Task A_stopped_server_takes_no_connection_and_leaves_nothing_when_disposed()
    {
        var server = await PostgresServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.AdminConnectionString);
        var directory = Path.GetDirectoryName((string?)await ScalarAsync(source, "SHOW data_directory"));

        await server.StopAsync(PostgresStop.Immediate);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(source, "SELECT 1"));
        Assert.True(Directory.Exists(directory));
        await server.DisposeAsync();
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task The_end_of_the_pipe_that_the_test_process_holds_ends_the_server_and_its_directory()
    {
        var server = await PostgresServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.AdminConnectionString);
        var data = (string)(await ScalarAsync(source, "SHOW data_directory"))!;
        var pid = (await File.ReadAllLinesAsync(Path.Combine(data, "postmaster.pid"), Cancel))[0];
        Assert.True(Directory.Exists($"/proc/{pid}"));

        await server.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.False(Directory.Exists(Path.GetDirectoryName(data)));
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
