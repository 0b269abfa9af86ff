using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Writing;

namespace Orleans.Workflows.Ledger.Tests;

public sealed class AppendQueueTests
{
    private readonly AppendQueue _queue = new(maxBatch: 10, maxBatchBytes: 1000);

    [Fact]
    public async Task An_append_that_came_while_its_run_was_in_flight_goes_after_those_that_already_waited()
    {
        var run = Samples.Accepted();
        var appends = Enumerable.Range(0, 4).Select(_ => new PendingAppend(new LedgerAppend { Run = run }, 1, 0)).ToArray();
        Assert.True(_queue.TryAdd(appends[0]));
        Assert.True(_queue.TryAdd(appends[1]));
        Assert.True(_queue.TryAdd(appends[2]));

        var taken = new List<PendingAppend>();
        foreach (var expected in appends)
        {
            var batch = new List<PendingAppend>();
            Assert.True(await _queue.TakeAsync(batch));
            if (expected == appends[0])
            {
                Assert.True(_queue.TryAdd(appends[3]));
            }

            taken.AddRange(batch);
            _queue.Done(batch);
        }

        Assert.Equal(appends, taken);
    }
}
