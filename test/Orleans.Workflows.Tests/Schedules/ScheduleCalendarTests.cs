using CsCheck;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>Due times against oracles that know clocks and zones but no cron library.</summary>
public sealed class ScheduleCalendarTests
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Asia/Kathmandu", "UTC"];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly int[] Steps = [5, 10, 15, 20, 30];

    private static readonly Gen<string> AnyZone = Gen.Int[0, Zones.Length - 1].Select(index => Zones[index]);

    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[0, 3L * 365 * 86_400].Select(seconds => Start.AddSeconds(seconds));

    [Fact]
    public void A_time_of_day_is_due_once_a_day_also_when_the_clocks_change() =>
        Gen.Select(AnyZone, Gen.Int[0, 59].Array[1, 3], Gen.Int[0, 23].Array[1, 4], Instants).Sample((zone, minutes, hours, from) =>
        {
            var calendar = Cron($"{string.Join(',', minutes)} {string.Join(',', hours)} * * *", zone);
            var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, info).Date).AddDays(-1);
            var expected = Enumerable.Range(0, 40).Select(later => day.AddDays(later))
                .SelectMany(date => hours.SelectMany(hour => minutes.Select(minute => InstantOf(date.ToDateTime(new(hour, minute)), info))))
                .Distinct().Order().Where(due => due > from).Take(30);
            Assert.Equal(expected, calendar.After(from).Take(30).Select(due => due.DueAt));
        }, iter: 1_000);

    [Fact]
    public void What_is_due_every_so_many_minutes_is_due_whenever_the_clock_shows_it_and_after_a_gap_once() =>
        Gen.Select(AnyZone, Gen.Int[0, 4].Select(index => Steps[index]), Instants).Sample((zone, step, from) =>
        {
            var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
            // From the last change of the clocks on or from anywhere: those are what can go wrong.
            var near = Enumerable.Range(0, 400).Select(day => from.AddDays(day)).FirstOrDefault(at => info.GetUtcOffset(at) != info.GetUtcOffset(at.AddDays(1)));
            from = near == default ? from : near;
            from = DateTimeOffset.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / 60 * 60);
            var expected = Enumerable.Range(1, 2 * 24 * 60).Select(minute => from.AddMinutes(minute)).Where(at => Shown(at, info).Any(wall => wall.Minute % step == 0)).ToArray();
            Assert.Equal(expected, Cron($"*/{step} * * * *", zone).After(from).Select(due => due.DueAt).TakeWhile(due => due <= from.AddDays(2)));
        }, iter: 200);

    [Fact]
    public void In_the_gap_of_spring_a_time_is_due_when_the_gap_is_over_and_in_autumn_the_first_time()
    {
        var night = Cron("30 2 * * *", "Europe/Berlin");
        Assert.Equal(["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"], Texts(night, new(2026, 3, 27, 12, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"], Texts(night, new(2026, 10, 23, 12, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"], Texts(Cron("30 * * * *", "Europe/Berlin"), new(2026, 10, 24, 23, 45, 0, TimeSpan.Zero)));
        Assert.Equal(["2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30"], Texts(Cron("30 * * * *", "Europe/Berlin"), new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void An_interval_is_counted_from_1970_whenever_one_begins_to_look() =>
        Gen.Select(Gen.Long[1, 100_000], Gen.Long[0, 99_999], Instants, Gen.Long[0, TimeSpan.TicksPerSecond - 1]).Sample((interval, offset, from, ticks) =>
        {
            offset %= interval;
            from = from.AddTicks(ticks);
            var due = Create(new() { IntervalSeconds = interval, OffsetSeconds = offset }).After(from).Take(5).Select(time => time.DueAt).ToArray();
            Assert.All(due, time => Assert.Equal(offset, time.ToUnixTimeSeconds() % interval));
            Assert.True(due[0] > from && due[0] - from <= TimeSpan.FromSeconds(interval));
            Assert.All(due.Zip(due.Skip(1)), pair => Assert.Equal(interval, (pair.Second - pair.First).TotalSeconds));
        });

    [Fact]
    public void Jitter_is_the_same_for_every_look_and_keeps_the_order() =>
        Gen.Select(Gen.Long[1, 5_000], Gen.Long[1, 86_400], Instants, Gen.Guid).Sample((interval, jitter, from, schedule) =>
        {
            var spec = new ScheduleSpec { IntervalSeconds = interval, JitterSeconds = jitter };
            var due = ScheduleCalendar.Create(spec, schedule, out _)!.After(from).Take(6).ToArray();
            Assert.Equal(due, ScheduleCalendar.Create(spec, schedule, out _)!.After(from).Take(6));
            Assert.All(due, time => Assert.True(time.StartAt >= time.DueAt && time.StartAt - time.DueAt < TimeSpan.FromSeconds(jitter)));
            Assert.All(due.Zip(due.Skip(1)), pair => Assert.True(pair.First.StartAt < pair.Second.DueAt));
        });

    [Fact]
    public void Two_schedules_are_spread_by_their_jitter()
    {
        var spec = new ScheduleSpec { IntervalSeconds = 3_600, JitterSeconds = 600 };
        Assert.True(Enumerable.Range(0, 50).Select(number => ScheduleCalendar.Create(spec, Guid.NewGuid(), out _)!.Next(Start)!.Value.StartAt).Distinct().Count() > 40);
    }

    [Fact]
    public void Nothing_is_due_before_the_start_or_after_the_end()
    {
        var calendar = Create(new() { IntervalSeconds = 60, StartAt = Start.AddHours(1), EndAt = Start.AddHours(1).AddMinutes(2) });
        Assert.Equal([Start.AddHours(1), Start.AddHours(1).AddMinutes(1), Start.AddHours(1).AddMinutes(2)], calendar.After(Start).Select(due => due.DueAt));
    }

    [Fact]
    public void Several_expressions_are_due_each_and_once_together()
    {
        var calendar = Create(new() { Cron = ["0 9 * * *", "0 9,21 * * *", "15 30 9 * * *", "@daily"] });
        Assert.Equal(["2026-01-01T09:00", "2026-01-01T09:30", "2026-01-01T21:00", "2026-01-02T00:00"], calendar.After(Start).Take(4).Select(due => $"{due.DueAt:yyyy-MM-ddTHH:mm}"));
    }

    [Fact]
    public void A_day_that_never_comes_is_never_due() => Assert.Null(Cron("0 0 30 2 *", "UTC").Next(Start));

    public static TheoryData<string, ScheduleSpec> Wrong => new()
    {
        { "spec", new() },
        { "spec.intervalSeconds", new() { Cron = ["* * * * *"], IntervalSeconds = 5 } },
        { "spec.intervalSeconds", new() { IntervalSeconds = 0 } },
        { "spec.cron", new() { Cron = [] } },
        { "spec.cron[1]", new() { Cron = ["* * * * *", "61 * * * *"] } },
        { "spec.cron[0]", new() { Cron = [""] } },
        { "spec.cron[0]", new() { Cron = [null!] } },
        { "spec.cron[0]", new() { Cron = ["* * *"] } },
        { "spec.timeZone", new() { Cron = ["* * * * *"], TimeZone = "Europe/Berlim" } },
        { "spec.timeZone", new() { Cron = ["* * * * *"], TimeZone = "../../etc/passwd" } },
        { "spec.timeZone", new() { Cron = ["* * * * *"], TimeZone = "" } },
        { "spec.timeZone", new() { IntervalSeconds = 5, TimeZone = "UTC" } },
        { "spec.offsetSeconds", new() { IntervalSeconds = 60, OffsetSeconds = 60 } },
        { "spec.offsetSeconds", new() { Cron = ["* * * * *"], OffsetSeconds = 0 } },
        { "spec.jitterSeconds", new() { IntervalSeconds = 60, JitterSeconds = -1 } },
        { "spec.endAt", new() { IntervalSeconds = 60, StartAt = Start, EndAt = Start.AddDays(-1) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_with_its_remedy(string field, ScheduleSpec spec)
    {
        Assert.Null(ScheduleCalendar.Create(spec, Guid.Empty, out var failure));
        Assert.Equal((FailureKind.Invalid, field), (failure!.Kind, failure.Field));
        Assert.False(string.IsNullOrEmpty(failure.Remedy));
    }

    [Fact]
    public void A_misspelt_zone_is_told_the_right_one()
    {
        ScheduleCalendar.Create(new() { Cron = ["* * * * *"], TimeZone = "Europe/Berlim" }, Guid.Empty, out var failure);
        Assert.Contains("Europe/Berlin", failure!.Remedy, StringComparison.Ordinal);
    }

    /// <summary>When a clock on the wall shows a time: right after a gap that holds it, and the first time where it shows it twice.</summary>
    private static DateTimeOffset InstantOf(DateTime wall, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(wall))
        {
            wall = wall.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    /// <summary>What a clock on the wall shows at a minute, and right after a gap all that the gap left out.</summary>
    private static IEnumerable<DateTime> Shown(DateTimeOffset minute, TimeZoneInfo zone)
    {
        var (before, now) = (TimeZoneInfo.ConvertTime(minute.AddMinutes(-1), zone).DateTime, TimeZoneInfo.ConvertTime(minute, zone).DateTime);
        for (var wall = before < now ? before.AddMinutes(1) : now; wall <= now; wall = wall.AddMinutes(1))
        {
            yield return wall;
        }
    }

    private static string[] Texts(ScheduleCalendar calendar, DateTimeOffset after) => [.. calendar.After(after).Take(3).Select(due => $"{due.DueAt:yyyy-MM-ddTHH:mm}")];

    private static ScheduleCalendar Cron(string expression, string zone) => Create(new() { Cron = [expression], TimeZone = zone });

    private static ScheduleCalendar Create(ScheduleSpec spec)
    {
        var calendar = ScheduleCalendar.Create(spec, Guid.Empty, out var failure);
        Assert.True(calendar is not null, $"{failure}");
        return calendar;
    }
}
