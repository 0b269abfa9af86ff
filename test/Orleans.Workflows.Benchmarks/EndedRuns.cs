using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Benchmarks;

/// <summary>Counts the completed runs by the ledger's feed of ends, which costs the database a few rows where a count would cost a scan.</summary>
internal sealed class EndedRuns(ILedger ledger)
{
    private readonly Dictionary<int, long> _checkpoint = [];

    /// <summary>Waits until as many more runs have completed.</summary>
    public async Task NextAsync(int count)
    {
        while (count > 0)
        {
            var rows = await ledger.ReadEndedAsync(_checkpoint, 1_000);
            foreach (var row in rows)
            {
                _checkpoint[row.Writer] = row.WriterSeq;
                count -= row.Status == RunStatus.Completed ? 1 : throw new InvalidOperationException($"{row.Run} {row.Status} {row.ReasonCode}");
            }

            if (rows.Count == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }
    }
}
