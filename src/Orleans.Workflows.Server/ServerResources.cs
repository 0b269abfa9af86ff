using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Server;

/// <summary>What must be had before anything is built, and is given back last: the node's directory and the databases.</summary>
internal sealed class ServerResources : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private ServerResources(WorkflowsNode node, ILedger ledger, LedgerOptions database, ILoggerFactory loggers) =>
        (Node, Ledger, Database, _loggers) = (node, ledger, database, loggers);

    public WorkflowsNode Node { get; }

    public ILedger Ledger { get; }

    public LedgerOptions Database { get; }

    /// <exception cref="InvalidOperationException">Another process holds the directory, or a database is away for too long or newer than this program.</exception>
    /// <exception cref="ArgumentException">A database setting is wrong; the message names it.</exception>
    public static async Task<ServerResources> OpenAsync(IConfiguration settings, ServerOptions options, CancellationToken cancellationToken)
    {
        var node = WorkflowsNode.Take(options.ResolveStateDirectory(), settings["Execution:Node"] ?? "");
        var loggers = LoggerFactory.Create(logging => logging.AddServerConsole().SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans.Workflows", LogLevel.Information));
        try
        {
            var database = settings.GetSection("Database").Get<LedgerOptions>() ?? new();
            database.Node = node.Id;
            if (database.Provider == LedgerProviders.Sqlite && database.ConnectionString.Length == 0)
            {
                database.ConnectionString = $"Data Source={Path.Combine(node.StateDirectory, "ledger.db")}";
            }

            var ledger = await new DatabaseOpening(database, node.StateDirectory, options, loggers, TimeProvider.System).OpenAsync(cancellationToken);
            return new(node, ledger, database, loggers);
        }
        catch
        {
            loggers.Dispose();
            node.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        _loggers.Dispose();
        Node.Dispose();
    }
}
