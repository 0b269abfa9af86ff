using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>At start, takes over every attempt that the ledger shows on this node; at stop, ends them if settings say so.</summary>
internal sealed partial class AdoptionService(ILedger ledger, Attempts attempts, IOptions<ExecutionOptions> options, ILogger<AdoptionService> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var open in await ledger.ReadOpenAttemptsAsync(cancellationToken))
        {
            if (open.Node == options.Value.Node)
            {
                attempts.Adopt(open.Run, open.Number);
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

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} could not be adopted.")]
    private partial void LogAdopt(RunId run, int attempt, Exception exception);
}
