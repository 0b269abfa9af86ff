using Orleans.Workflows.Batches;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>Waits for a batch's end and shows how far it is, on stderr: stdout has the answer.</summary>
internal static class BatchProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static async Task<Answer<BatchListing>> WaitAsync(CommandContext context, Answer<BatchListing> batch, CancellationToken cancellationToken)
    {
        var (id, shown) = (batch.Value.Id.ToString(), "");
        // Who interrupts the wait may go on with it later.
        await context.Terminal.Error.WriteLineAsync($"batch {id}");
        while (true)
        {
            if (BatchText.Progress(batch.Value) is var progress && progress != shown)
            {
                shown = progress;
                await context.Terminal.Error.WriteLineAsync(progress);
            }

            if (batch.Value.Status != BatchStatus.Running)
            {
                return batch;
            }

            await Task.Delay(Pause, context.Terminal.Time, cancellationToken);
            batch = await context.Api.BatchAsync(id, cancellationToken);
        }
    }
}
