using Orleans.Workflows.Ledger.Rows;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Limits and holds: each change is kept, the last one holds, and of two at once one wins.</summary>
public abstract partial class LedgerConformanceTests
{
    [Theory]
    [InlineData(RuleKind.Limit)]
    [InlineData(RuleKind.Hold)]
    public async Task The_last_change_of_a_rule_holds_and_all_are_kept(RuleKind kind)
    {
        var name = $"rule-{Guid.NewGuid():N}";
        var first = new RuleRow(name, 1, "{\"a\":1}", Start, "ann", "c1", null);
        var second = new RuleRow(name, 2, "{\"a\":2}", Start.AddSeconds(1), "bob", "c2", "busy");
        var removed = new RuleRow(name, 3, null, Start.AddSeconds(2), "ann", "c3", "quiet");
        Assert.True(await Ledger.PutRuleAsync(kind, first, Token));
        Assert.True(await Ledger.PutRuleAsync(kind, second, Token));
        Assert.Equal(second, (await Ledger.ReadRulesAsync(kind, Token)).Single(row => row.Name == name));
        Assert.True(await Ledger.PutRuleAsync(kind, removed, Token));
        Assert.Equal(removed, (await Ledger.ReadRulesAsync(kind, Token)).Single(row => row.Name == name));
        Assert.Equal([removed, second, first], await Ledger.ReadRuleHistoryAsync(kind, name, 10, Token));
        Assert.Equal([removed], await Ledger.ReadRuleHistoryAsync(kind, name, 1, Token));
        Assert.Empty(await Ledger.ReadRuleHistoryAsync(kind is RuleKind.Limit ? RuleKind.Hold : RuleKind.Limit, name, 10, Token));
    }

    [Theory]
    [InlineData(RuleKind.Limit)]
    [InlineData(RuleKind.Hold)]
    public async Task Of_two_writers_of_a_rule_s_version_one_wins_and_none_can_be_left_out(RuleKind kind)
    {
        var name = $"rule-{Guid.NewGuid():N}";
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Ledger.PutRuleAsync(kind, new(name, 1, $"{{\"n\":{n}}}", Start, "c", "c", null), Token)));
        Assert.Single(created, won => won);
        Assert.False(await Ledger.PutRuleAsync(kind, new(name, 3, null, Start, "c", "c", null), Token));
        Assert.Equal(1, (await Ledger.ReadRulesAsync(kind, Token)).Single(row => row.Name == name).Version);
    }

    [Theory]
    [InlineData(RuleKind.Limit, "limits")]
    [InlineData(RuleKind.Hold, "holds")]
    public async Task By_hand_the_history_of_a_rule_does_not_change(RuleKind kind, string table)
    {
        var name = $"rule-{Guid.NewGuid():N}";
        await Ledger.PutRuleAsync(kind, new(name, 1, "{}", Start, "c", "c", null), Token);
        await RefusedRuleAsync("append_only", $"update {table} set rule = null where name = '{name}'");
        await RefusedRuleAsync("append_only", $"delete from {table} where name = '{name}'");
        await RefusedRuleAsync("version_grows_by_one", $"insert into {table} (name, version, at, caller, correlation_id) select name, 3, at, caller, correlation_id from {table} where name = '{name}'");
    }

    private async Task RefusedRuleAsync(string rule, string sql) => Assert.Contains(rule, await Fixture.RefusedAsync(sql), StringComparison.Ordinal);
}
