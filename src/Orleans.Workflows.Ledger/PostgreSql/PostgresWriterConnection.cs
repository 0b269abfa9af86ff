using Npgsql;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>A lane's connection, opened again when it was lost, with the lane's writer id.</summary>
internal sealed class PostgresWriterConnection(NpgsqlDataSource source, string name) : IAsyncDisposable
{
    // Without statistics a generic plan may scan a table that was empty when it was planned; every statement of a batch
    // finds its rows by key, in the order of the batch, and must keep doing so. A server that answers before it is
    // durable is told to wait. The last two settings are of PostgreSQL 14 and 17: a session ends whose node is gone while it
    // waits for a lock, or stands still in the middle of a transaction.
    private const string Settings =
        """
        set plan_cache_mode = force_generic_plan; set jit = off;
        set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off; set enable_bitmapscan = off;
        select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
        select set_config(name, current_setting('idle_in_transaction_session_timeout'), false)
        from pg_settings where name in ('client_connection_check_interval', 'transaction_timeout')
        """;

    private NpgsqlConnection? _connection;

    public int Writer { get; private set; }

    public async ValueTask<NpgsqlConnection> OpenAsync()
    {
        if (_connection is { State: System.Data.ConnectionState.Open } open)
        {
            return open;
        }

        await CloseAsync();
        var connection = await source.OpenConnectionAsync();
        try
        {
            await using var settings = new NpgsqlCommand(Settings, connection);
            await settings.ExecuteNonQueryAsync();
            await using var register = new NpgsqlCommand("insert into writers (name) select $1 where not exists (select 1 from writers where name = $1) on conflict (name) do nothing", connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
            };
            await register.ExecuteNonQueryAsync();
            await using var find = new NpgsqlCommand("select id from writers where name = $1", connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
            };
            Writer = (int)(await find.ExecuteScalarAsync())!;
            return _connection = connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            // A closed connection goes back to the pool, and a broken one does not come out of it again.
            await connection.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();
}
