using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>Rules that change while runs come and go, and who waits how long.</summary>
public sealed class WaitRulesTests : PlantedTests
{
    private static readonly DateTimeOffset LongBefore = PlantedHistory.Begin - TimeSpan.FromHours(2);

    [Fact]
    public async Task An_agent_that_starts_in_spite_of_a_hold_is_found()
    {
        await ExecuteAsync($"update runs set demand = {"""{"tenant":"t1"}"""} where id = {History.Completed}");
        History.Rules.Add(Hold(LongBefore, PlantedHistory.Begin + TimeSpan.FromMinutes(1)));
        await FindsAsync(ViolationKind.LimitExceeded, History.Completed);
    }

    [Fact]
    public async Task One_that_was_granted_just_before_the_hold_or_comes_after_it_is_not()
    {
        await ExecuteAsync($"update runs set demand = {"""{"tenant":"t1"}"""} where id = {History.Completed}");
        History.Rules.Add(Hold(PlantedHistory.Begin - LiveRules.OnTheWay / 2, PlantedHistory.Begin + TimeSpan.FromMinutes(1)));
        History.Rules.Add(Hold(LongBefore, PlantedHistory.Begin));
        Assert.Empty(await History.JudgeAsync());
    }

    [Fact]
    public async Task One_more_than_a_limit_that_was_lowered_meanwhile_is_found()
    {
        await ExecuteAsync($"update runs set labels = {"""{"crew":"3"}"""} where id in ({History.Completed}, {History.Recovered})");
        History.Rules.Add(new("crew", "3", 2, LongBefore, LongBefore, null, null));
        Assert.Empty(await History.JudgeAsync());

        // The one that begins last, beside the other.
        History.AddLife(History.Recovered, 1, 105, 1_200, 1_300, killed: true);
        History.Hits.Add(new("agentKill", History.Recovered, null, default, default));
        History.Rules[0] = History.Rules[0] with { Limit = 1 };
        Assert.Contains(await History.JudgeAsync(), violation => (violation.Kind, violation.Run) == (ViolationKind.LimitExceeded, History.Recovered));
    }

    [Fact]
    public async Task Who_waits_many_times_as_long_as_its_place_in_the_line_is_starved()
    {
        await WaitAsync(minutes: 30);
        await FindsAsync(ViolationKind.Starved, History.Completed);
    }

    [Fact]
    public async Task Who_was_held_all_the_while_is_not()
    {
        await WaitAsync(minutes: 30);
        await ExecuteAsync($"update runs set demand = {"""{"tenant":"t1"}"""} where id = {History.Completed}");
        History.Rules.Add(Hold(LongBefore, PlantedHistory.Begin - TimeSpan.FromMinutes(1)));
        Assert.Empty(await History.JudgeAsync());
    }

    private static LiveRule Hold(DateTimeOffset from, DateTimeOffset to) => new(null, "t1", 0, from, from, to, to);

    /// <summary>It came long ago, and others that came then went soon.</summary>
    private Task WaitAsync(int minutes)
    {
        var came = PlantedHistory.Begin - TimeSpan.FromMinutes(minutes);
        return ExecuteAsync($"""
            with others as (update attempts set claimed_at = {came + TimeSpan.FromSeconds(1)}, ended_at = {came + TimeSpan.FromSeconds(9)} where run_id <> {History.Completed} returning 1),
              ended as (update runs set created_at = {came}, ended_at = {came + TimeSpan.FromSeconds(10)} where id <> {History.Completed} returning 1)
            update runs set created_at = {came} where id = {History.Completed}
            """);
    }
}
