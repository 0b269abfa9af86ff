using Orleans.Runtime;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;

namespace Orleans.Workflows.Usage;

/// <summary>See <see cref="IMetricsGrain"/>. The checkpoint and the sums it stands for are one stored state, so they can't part.</summary>
internal sealed class MetricsGrain([PersistentState("totals", MetricsGrain.Storage)] IPersistentState<MetricsState> state, ILedger ledger)
    : Grain, IMetricsGrain
{
    public const string Storage = "workflows";

    private const int Page = 1000;

    public async Task<IReadOnlyList<UsageTotals>> GetTotalsAsync()
    {
        await CatchUpAsync();
        return state.State.Totals.Values.OrderBy(total => total.Workflow, StringComparer.Ordinal).ToArray();
    }

    private async Task CatchUpAsync()
    {
        var advanced = false;
        try
        {
            IReadOnlyList<EndedRunRow> page;
            do
            {
                page = await ledger.ReadEndedAsync(state.State.Checkpoint, Page);
                foreach (var run in page)
                {
                    MetricsFold.Add(state.State, run);
                }

                advanced |= page.Count > 0;
            }
            while (page.Count == Page);

            if (advanced)
            {
                await state.WriteStateAsync();
            }
        }
        catch
        {
            // Memory may be ahead of what is stored: the next activation begins at the stored checkpoint.
            DeactivateOnIdle();
            throw;
        }
    }
}
