using System.CommandLine;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>The options of <c>schedules create</c>, and the request that they make; what is run is told as for <c>start</c>.</summary>
internal sealed class ScheduleOptions
{
    private readonly StartOptions _run = new();
    private readonly Option<string[]?> _cron = new("--cron") { HelpName = "EXPRESSION", Description = "When, like '0 9 * * MON-FRI'; repeatable", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _timeZone = new("--time-zone") { HelpName = "ZONE", Description = "The zone of --cron, like Europe/Berlin; default UTC" };
    private readonly Option<TimeSpan?> _every = Arguments.Duration("--every", "Time between two due times, counted from 1970");
    private readonly Option<TimeSpan?> _offset = Arguments.Duration("--offset", "How much later than that each one is");
    private readonly Option<DateTimeOffset?> _startAt = Arguments.Moment("--start-at", "Nothing is due before");
    private readonly Option<DateTimeOffset?> _endAt = Arguments.Moment("--end-at", "Nothing is due after");
    private readonly Option<TimeSpan?> _jitter = Arguments.Duration("--jitter", "Each start is later by up to so much");
    private readonly Option<OverlapPolicy?> _overlap = new("--overlap") { HelpName = "POLICY", Description = "While an earlier run has not ended: Skip (default), BufferOne, BufferAll, CancelOther, TerminateOther, AllowAll" };
    private readonly Option<TimeSpan?> _catchUp = Arguments.Duration("--catch-up-window", "How late a start may be after a downtime; default 1d");
    private readonly Option<bool?> _paused = new("--paused") { Description = "Start nothing until it is resumed" };
    private readonly Option<string?> _note = new("--note") { HelpName = "TEXT", Description = "For people; kept with the schedule" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_cron, _timeZone, _every, _offset, _startAt, _endAt, _jitter, _overlap, _catchUp, _paused, _note])
        {
            command.Add(option);
        }

        _run.AddTo(command);
    }

    public ScheduleRequest Read(CommandContext context) => new()
    {
        Spec = new()
        {
            Cron = context.Get(_cron) is { Length: > 0 } cron ? cron : null,
            TimeZone = context.Get(_timeZone),
            IntervalSeconds = Seconds(context.Get(_every), "--every"),
            OffsetSeconds = Seconds(context.Get(_offset), "--offset"),
            StartAt = context.Get(_startAt),
            EndAt = context.Get(_endAt),
            JitterSeconds = Seconds(context.Get(_jitter), "--jitter"),
        },
        Run = _run.Read(context),
        Overlap = context.Get(_overlap),
        CatchUpWindowSeconds = Seconds(context.Get(_catchUp), "--catch-up-window"),
        Paused = context.Get(_paused),
        Note = context.Get(_note),
    };

    private static long? Seconds(TimeSpan? time, string option) =>
        time is null || time.Value.Ticks % TimeSpan.TicksPerSecond == 0
            ? (long?)time?.TotalSeconds
            : throw new UsageException($"{option} is no whole number of seconds.", $"Write it like {option} 90s.");
}
