using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>What attempts have used lately, as limits on it are counted anew.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task What_attempts_used_is_read_by_their_ends_and_then_of_those_that_have_none()
    {
        var usage = new TokenUsage { InputTokens = 100, OutputTokens = 20, CacheReadTokens = 5, CacheCreationTokens = 7, CostUsd = 0.25m };
        var later = await EndAsync(Start.AddSeconds(30), new TokenUsage());
        var sooner = await EndAsync(Start.AddSeconds(20), usage);
        var before = await EndAsync(Start.AddSeconds(15), usage);
        var open = await ReachAsync(RunStatus.Running);

        var rows = await Ledger.ReadAttemptUsageAsync(Start.AddSeconds(15), Token);
        var mine = rows.Where(row => row.Run == later || row.Run == sooner || row.Run == before || row.Run == open.Id).ToArray();
        Assert.Equal([sooner, later, open.Id], mine.Select(row => row.Run));
        Assert.Equal(new Reading.AttemptUsageRow(sooner, 1, "default", null, Start.AddSeconds(1), Start.AddSeconds(20), usage), mine[0]);
        Assert.Equal(new TokenUsage(), mine[1].Usage);
        Assert.Null(mine[2].EndedAt);

        async Task<RunId> EndAsync(DateTimeOffset at, TokenUsage used)
        {
            var run = await ReachAsync(RunStatus.Running);
            var end = run.To(RunStatus.Completed) with { EndedAt = at };
            await CommitAsync(new LedgerAppend
            {
                Run = end,
                Attempt = Attempt(run.Id) with { StartedAt = Start.AddSeconds(1), EndedAt = at, ExitCode = 0, Reason = new Reason("success", "It is done."), Usage = used },
            });
            return run.Id;
        }
    }
}
