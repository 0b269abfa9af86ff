using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>What a database brings to the conformance suite: a ledger on an empty database, and raw access beside it.</summary>
public abstract class LedgerFixture : IAsyncLifetime
{
    public ILedger Ledger { get; private set; } = null!;

    /// <summary>False leaves the database empty.</summary>
    public bool OpensLedger { get; set; } = true;

    public abstract string Provider { get; }

    public abstract string ConnectionString { get; }

    public async ValueTask InitializeAsync()
    {
        await CreateAsync();
        if (OpensLedger)
        {
            Ledger = await OpenAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Ledger is not null)
        {
            await Ledger.DisposeAsync();
        }

        await DropAsync();
        GC.SuppressFinalize(this);
    }

    public Task<ILedger> OpenAsync(Action<LedgerOptions>? configure = null, TimeProvider? time = null)
    {
        // Two lanes: what holds with them holds with one.
        var options = new LedgerOptions { Provider = Provider, ConnectionString = ConnectionString, Node = "node-1", MaxInFlight = 2 };
        configure?.Invoke(options);
        return LedgerFactory.OpenAsync(options, time ?? TimeProvider.System, Loggers);
    }

    /// <summary>A connection past the ledger, as an operator's shell would have.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    protected virtual ILoggerFactory Loggers => NullLoggerFactory.Instance;

    protected abstract Task CreateAsync();

    protected abstract Task DropAsync();
}
