using Npgsql;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>
/// How long either side of a connection waits for the other. A database behind a cut wire says nothing at all, and a node
/// behind one leaves a session that may hold locks which every other silo waits for.
/// </summary>
internal sealed class PostgresPatience(TimeSpan bound)
{
    /// <summary>One try of several within the bound, in the whole seconds that Npgsql takes.</summary>
    public int Try { get; } = Math.Max(1, (int)(bound.TotalSeconds / 3));

    public void ApplyTo(NpgsqlConnectionStringBuilder connection, int connect, int command)
    {
        connection.Timeout = connect;
        connection.CommandTimeout = command;

        // A cancel request would wait behind the same cut wire: the connection is given up at once, and the server ends the
        // statement by its own clock.
        connection.CancellationTimeout = -1;
        connection.Options = string.Join(' ', new[]
        {
            connection.Options ?? "",
            $"-c statement_timeout={command}s",
            $"-c idle_in_transaction_session_timeout={Try * 3}s",
            $"-c tcp_keepalives_idle={Try}",
            $"-c tcp_keepalives_interval={Try}",
            "-c tcp_keepalives_count=3",
            $"-c tcp_user_timeout={Try * 3}s",
        }).TrimStart();
    }
}
