using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;

namespace Orleans.Workflows.Execution;

/// <summary>
/// At start, takes over every attempt that the ledger shows on this node, and every one whose supervisor lives here: one that
/// the ledger shows as ended, as after a take-over, is ended too. At stop, ends them if settings say so.
/// </summary>
internal sealed class AdoptionService(ILedger ledger, Attempts attempts, IOptions<ExecutionOptions> options, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var open in await ReadOpenAsync(cancellationToken))
        {
            // Without leases there is one node, whatever it was called before.
            if (open.Node == options.Value.Node || options.Value.Lease is null)
            {
                attempts.Adopt(open.Run, open.Number);
            }
        }

        foreach (var directory in AttemptDirectory.All(options.Value.StateDirectory))
        {
            using var free = directory.TryLock();
            if (free is null)
            {
                attempts.Adopt(new(directory.Run), directory.Attempt);
            }
        }
    }

    /// <summary>A database that goes away now is waited for, as it was before.</summary>
    private async Task<IReadOnlyList<OpenAttemptRow>> ReadOpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ledger.ReadOpenAttemptsAsync(cancellationToken);
            }
            catch (LedgerUnavailableException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.Value.StopAgentsOnShutdown)
            {
                await attempts.StopAllAsync(cancellationToken);
            }
        }
        finally
        {
            await attempts.DetachAsync();
        }
    }
}
