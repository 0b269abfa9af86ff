using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workflows.Loading;

namespace Orleans.Workflows.Schedules;

/// <summary>A schedule's due times: a pure function of its spec, and for the jitter of which schedule it is.</summary>
internal sealed class ScheduleCalendar
{
    public const int CronLimit = 16;
    public const int CronLengthLimit = 256;
    public const long LongestInterval = 31_536_000;
    public const long MostJitter = 86_400;

    private readonly ScheduleSpec _spec;
    private readonly byte[] _seed;
    private readonly CronExpression[] _cron;
    private readonly TimeZoneInfo _zone;

    private ScheduleCalendar(ScheduleSpec spec, byte[] seed, CronExpression[] cron, TimeZoneInfo zone) => (_spec, _seed, _cron, _zone) = (spec, seed, cron, zone);

    /// <summary>The calendar, or the first thing that is wrong with the spec.</summary>
    public static ScheduleCalendar? Create(ScheduleSpec spec, Guid incarnation, out Failure? failure)
    {
        var zone = TimeZoneInfo.Utc;
        var cron = Array.Empty<CronExpression>();
        failure = CheckKind(spec) ?? CheckBounds(spec) ?? ReadZone(spec.TimeZone, ref zone) ?? ReadCron(spec.Cron ?? [], ref cron);
        return failure is null ? new(spec, incarnation.ToByteArray(), cron, zone) : null;
    }

    /// <summary>The first due time after <paramref name="after"/>; null when there is none any more.</summary>
    public DueTime? Next(DateTimeOffset after)
    {
        if (NextDue(after) is not { } due)
        {
            return null;
        }

        var most = TimeSpan.FromSeconds(_spec.JitterSeconds ?? 0);
        if (most == TimeSpan.Zero)
        {
            return new(due, due);
        }

        // The order of starts stays that of due times.
        var gap = NextDue(due) - due;
        return new(due, due + Jitter(due, gap < most ? gap.Value : most));
    }

    public IEnumerable<DueTime> After(DateTimeOffset after)
    {
        while (Next(after) is { } next)
        {
            yield return next;
            after = next.DueAt;
        }
    }

    private DateTimeOffset? NextDue(DateTimeOffset after)
    {
        // What is due at the start itself is due.
        after = _spec.StartAt is { } start && start > after ? start - TimeSpan.FromTicks(1) : after;
        var next = _spec.IntervalSeconds is { } interval ? NextOfInterval(after, interval, _spec.OffsetSeconds ?? 0) : NextOfCron(after);
        return next > _spec.EndAt ? null : next;
    }

    private DateTimeOffset? NextOfCron(DateTimeOffset after)
    {
        DateTimeOffset? first = null;
        foreach (var expression in _cron)
        {
            if (expression.GetNextOccurrence(after, _zone) is { } next && (first is null || next < first))
            {
                first = next;
            }
        }

        return first?.ToUniversalTime();
    }

    private static DateTimeOffset? NextOfInterval(DateTimeOffset after, long interval, long offset)
    {
        var next = ((Math.DivRem(after.ToUnixTimeSeconds() - offset, interval, out var rest) - (rest < 0 ? 1 : 0) + 1) * interval) + offset;
        return next <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(next) : null;
    }

    /// <summary>In whole milliseconds, below <paramref name="most"/>.</summary>
    private TimeSpan Jitter(DateTimeOffset due, TimeSpan most)
    {
        var hash = SHA256.HashData([.. _seed, .. Encoding.ASCII.GetBytes($"{due.ToUnixTimeSeconds()}")]);
        return TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt64LittleEndian(hash) % (ulong)most.TotalMilliseconds);
    }

    private static Failure? CheckKind(ScheduleSpec spec) => (spec.Cron, spec.IntervalSeconds) switch
    {
        (null, null) => Failure.Invalid("spec", "The spec has neither 'cron' nor 'intervalSeconds'.", "Give cron expressions, or an interval."),
        (not null, not null) => Failure.Invalid("spec.intervalSeconds", "The spec has both 'cron' and 'intervalSeconds'.", "Give one of them; make two schedules for both."),
        ({ Length: 0 or > CronLimit } cron, _) => Failure.Invalid("spec.cron", $"'spec.cron' has {cron.Length} expressions; 1 to {CronLimit} are allowed.", "Give each as one text."),
        (not null, _) when spec.OffsetSeconds is not null => Failure.Invalid("spec.offsetSeconds", "An offset belongs to an interval.", "Leave it out, or write it into the cron expression."),
        (_, not null) when spec.TimeZone is not null => Failure.Invalid("spec.timeZone", "A time zone belongs to cron expressions: an interval has none.", "Leave it out, or use cron."),
        _ => null,
    };

    private static Failure? CheckBounds(ScheduleSpec spec) =>
        CheckRange("spec.intervalSeconds", spec.IntervalSeconds, 1, LongestInterval)
        ?? CheckRange("spec.offsetSeconds", spec.OffsetSeconds, 0, (spec.IntervalSeconds ?? 1) - 1)
        ?? CheckRange("spec.jitterSeconds", spec.JitterSeconds, 0, MostJitter)
        ?? (spec.EndAt < spec.StartAt ? Failure.Invalid("spec.endAt", "'spec.endAt' is before 'spec.startAt'.", "Swap them, or leave one out.") : null);

    internal static Failure? CheckRange(string field, long? value, long from, long to) =>
        value is null || (value >= from && value <= to)
            ? null
            : Failure.Invalid(field, $"'{field}' is {value}; it must be between {from} and {to} seconds.", $"Choose a value between {from} and {to}.");

    private static Failure? ReadZone(string? name, ref TimeZoneInfo zone)
    {
        // What is no name must not be looked up as a file.
        if (name is null || (IsZoneName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!)))
        {
            return null;
        }

        zone = TimeZoneInfo.Utc;
        var meant = name.Length <= 64 ? Suggestion.For(name, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id)) : null;
        return Failure.Invalid("spec.timeZone", $"There is no time zone '{(name.Length <= 64 ? name : name[..64])}' on this machine.", $"{(meant is null ? "" : $"Did you mean '{meant}'? ")}Use an IANA name like Europe/Berlin, or UTC; names come from the package tzdata.");
    }

    private static bool IsZoneName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');

    private static Failure? ReadCron(string[] texts, ref CronExpression[] cron)
    {
        cron = new CronExpression[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var field = $"spec.cron[{i}]";
            if (texts[i] is not { Length: > 0 and <= CronLengthLimit } text)
            {
                return Failure.Invalid(field, $"'{field}' is empty or longer than {CronLengthLimit} characters.", "Write it like '0 9 * * MON-FRI'.");
            }

            try
            {
                var hasSeconds = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6;
                cron[i] = CronExpression.Parse(text, hasSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
            }
            catch (CronFormatException exception)
            {
                return Failure.Invalid(field, $"'{text}' is no cron expression: {exception.Message}", "Write minute, hour, day of month, month and day of week, like '0 9 * * MON-FRI'; a sixth field in front is the second.");
            }
        }

        return null;
    }
}
