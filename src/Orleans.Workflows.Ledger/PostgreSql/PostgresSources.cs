using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>One pool for the lanes, whose sessions carry settings, and one for everything else.</summary>
internal sealed record PostgresSources(NpgsqlDataSource Writer, NpgsqlDataSource Reader) : IAsyncDisposable
{
    private const int PreparedStatements = 100;

    public static PostgresSources Open(LedgerOptions options, ILoggerFactory loggers)
    {
        var bound = new PostgresPatience(options.UnavailableAfter);
        var writer = new NpgsqlDataSourceBuilder(options.ConnectionString);
        writer.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
        writer.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        writer.ConnectionStringBuilder.Enlist = false;
        // A lane's session is set up once and never returned to strangers.
        writer.ConnectionStringBuilder.NoResetOnClose = true;
        writer.ConnectionStringBuilder.ApplicationName = $"orleans-workflows writer {options.Node}";

        bound.ApplyTo(writer.ConnectionStringBuilder, bound.Try, bound.Try);

        var reader = new NpgsqlDataSourceBuilder(options.ConnectionString);
        reader.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
        reader.ConnectionStringBuilder.Enlist = false;
        // Readers set nothing in their sessions, so nothing need be reset: that would be a statement for each read.
        reader.ConnectionStringBuilder.NoResetOnClose = true;
        reader.ConnectionStringBuilder.ApplicationName = $"orleans-workflows {options.Node}";
        bound.ApplyTo(reader.ConnectionStringBuilder, bound.Try * 2, bound.Try * 3);
        return new PostgresSources(writer.UseLoggerFactory(loggers).Build(), reader.UseLoggerFactory(loggers).Build());
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Reader.DisposeAsync();
    }
}
