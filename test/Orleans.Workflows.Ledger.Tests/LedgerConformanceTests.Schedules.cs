using Orleans.Workflows.Ledger.Rows;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Schedules: one writer wins each version, and what was dealt with stays so.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task A_schedule_reads_back_as_it_was_put_and_is_gone_when_deleted()
    {
        var first = Schedule();
        Assert.True(await Ledger.PutScheduleAsync(first, Token));
        Assert.Equal(first, await Ledger.ReadScheduleAsync(first.Name, Token));

        var second = first with
        {
            Version = 2, Spec = "{\"a\":1}", Run = "{\"b\":2}", Overlap = "AllowAll", CatchUpWindow = TimeSpan.FromDays(365), Paused = true, Note = "why\0",
            HandledUntil = Start.AddHours(1).AddMicroseconds(1), FreeSince = Start.AddMinutes(1), Buffered = "[1]", UnderWay = "[2]", Recent = "[3]",
            Started = 1, Skipped = 2, Missed = 3_000_000_000, Failed = 4, UpdatedAt = Start.AddHours(2),
        };
        Assert.True(await Ledger.PutScheduleAsync(second, Token));
        Assert.Equal(second with { Note = "why\\u0000" }, (await Ledger.ReadSchedulesAsync(Token)).Single(row => row.Name == first.Name));

        Assert.False(await Ledger.DeleteScheduleAsync(first.Name, Guid.NewGuid(), Token));
        Assert.True(await Ledger.DeleteScheduleAsync(first.Name, first.Incarnation, Token));
        Assert.False(await Ledger.DeleteScheduleAsync(first.Name, first.Incarnation, Token));
        Assert.Null(await Ledger.ReadScheduleAsync(first.Name, Token));
    }

    [Fact]
    public async Task Of_two_writers_of_a_schedule_s_version_one_wins()
    {
        var first = Schedule();
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Ledger.PutScheduleAsync(first with { Incarnation = Guid.NewGuid(), Started = n }, Token)));
        Assert.Single(created, won => won);
        var stands = (await Ledger.ReadScheduleAsync(first.Name, Token))!;
        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Ledger.PutScheduleAsync(stands with { Version = 2, Skipped = n }, Token)));
        Assert.Single(changed, won => won);

        // One of an earlier life writes nothing into the schedule that has its name now.
        Assert.False(await Ledger.PutScheduleAsync(stands with { Version = 3, Incarnation = Guid.NewGuid() }, Token));
        Assert.Equal(2, (await Ledger.ReadScheduleAsync(first.Name, Token))!.Version);
    }

    [Fact]
    public async Task By_hand_a_schedule_does_not_go_back()
    {
        var row = Schedule();
        await Ledger.PutScheduleAsync(row, Token);
        var name = $"where name = '{row.Name}'";
        foreach (var change in new[] { "version = version", "version = version + 2", "version = version + 1, handled_until = '2000-01-01T00:00:00.000000Z'", $"version = version + 1, incarnation = '{Guid.NewGuid()}'" })
        {
            Assert.Contains("schedule_goes_forward", await Fixture.RefusedAsync($"update schedules set {change} {name}"), StringComparison.Ordinal);
        }

        Assert.Equal(1, await Fixture.ExecuteAsync($"update schedules set version = version + 1 {name}"));
    }

    private static ScheduleRow Schedule() => new()
    {
        Name = $"s-{Guid.NewGuid():N}",
        Incarnation = Guid.NewGuid(),
        Version = 1,
        Spec = "{}",
        Run = "{}",
        Overlap = "Skip",
        CatchUpWindow = TimeSpan.FromSeconds(10),
        HandledUntil = Start,
        Buffered = "[]",
        UnderWay = "[]",
        Recent = "[]",
        CreatedAt = Start,
        UpdatedAt = Start,
    };
}
