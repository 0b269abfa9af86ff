using Orleans.Workflows.Ledger.Rows;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Limits: each change is kept, the last one holds, and of two at once one wins.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task The_last_change_of_a_limit_holds_and_all_are_kept()
    {
        var name = $"limit-{Guid.NewGuid():N}";
        var first = new LimitRow(name, 1, "{\"a\":1}", Start, "ann", "c1", null);
        var second = new LimitRow(name, 2, "{\"a\":2}", Start.AddSeconds(1), "bob", "c2", "busy");
        var removed = new LimitRow(name, 3, null, Start.AddSeconds(2), "ann", "c3", "quiet");
        Assert.True(await Ledger.PutLimitAsync(first, Token));
        Assert.True(await Ledger.PutLimitAsync(second, Token));
        Assert.Equal(second, (await Ledger.ReadLimitsAsync(Token)).Single(row => row.Name == name));
        Assert.True(await Ledger.PutLimitAsync(removed, Token));
        Assert.Equal(removed, (await Ledger.ReadLimitsAsync(Token)).Single(row => row.Name == name));
        Assert.Equal([removed, second, first], await Ledger.ReadLimitHistoryAsync(name, 10, Token));
        Assert.Equal([removed], await Ledger.ReadLimitHistoryAsync(name, 1, Token));
    }

    [Fact]
    public async Task Of_two_writers_of_a_limit_s_version_one_wins_and_none_can_be_left_out()
    {
        var name = $"limit-{Guid.NewGuid():N}";
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Ledger.PutLimitAsync(new(name, 1, $"{{\"n\":{n}}}", Start, "c", "c", null), Token)));
        Assert.Single(created, won => won);
        Assert.False(await Ledger.PutLimitAsync(new(name, 3, null, Start, "c", "c", null), Token));
        Assert.Equal(1, (await Ledger.ReadLimitsAsync(Token)).Single(row => row.Name == name).Version);
    }

    [Fact]
    public async Task By_hand_the_history_of_a_limit_does_not_change()
    {
        var name = $"limit-{Guid.NewGuid():N}";
        await Ledger.PutLimitAsync(new(name, 1, "{}", Start, "c", "c", null), Token);
        await RefusedLimitAsync("append_only", $"update limits set rule = null where name = '{name}'");
        await RefusedLimitAsync("append_only", $"delete from limits where name = '{name}'");
        await RefusedLimitAsync("version_grows_by_one", $"insert into limits (name, version, at, caller, correlation_id) select name, 3, at, caller, correlation_id from limits where name = '{name}'");
    }

    private async Task RefusedLimitAsync(string rule, string sql) => Assert.Contains(rule, await Fixture.RefusedAsync(sql), StringComparison.Ordinal);
}
