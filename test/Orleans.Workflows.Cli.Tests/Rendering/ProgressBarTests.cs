using CsCheck;
using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Tests.Rendering;

public sealed class ProgressBarTests
{
    private static readonly Gen<int?> Numbers = Gen.OneOf(Gen.Const((int?)null), Gen.Const((int?)0), Gen.Const((int?)int.MinValue), Gen.Const((int?)int.MaxValue), Gen.Int.Select(value => (int?)value));
    private static readonly Gen<string?> Texts = Gen.OneOf(Gen.Const((string?)null), Gen.Const((string?)""), Gen.Const((string?)"\u001b[31m\0\u009b\ud800"), Gen.String.Select(value => (string?)value));
    private static readonly Gen<RunStatus?> Statuses = Gen.OneOf(Gen.Const((RunStatus?)null), Gen.Enum<RunStatus>().Select(value => (RunStatus?)value), Gen.Int.Select(value => (RunStatus?)(RunStatus)value));

    private static readonly Gen<ProgressReading?> Readings = Gen.Frequency(
        (1, Gen.Const((ProgressReading?)null)),
        (20, Gen.Select(Statuses, Numbers, Numbers, Texts, Texts, (status, turns, most, phase, waits) =>
            (ProgressReading?)new ProgressReading { Status = status, Turns = turns, MaxTurns = most, Phase = phase, WaitsFor = waits })));

    [Fact]
    public void Whatever_an_agent_reports_the_bar_has_its_width_and_the_text_is_printable() =>
        Gen.Select(Readings, Numbers).Sample((reading, width) =>
        {
            var (bar, text) = ProgressBar.Render(reading, width ?? 0);

            Assert.Equal(Math.Clamp(width ?? 0, 0, ProgressBar.LongestBar), bar.Length);
            Assert.NotEmpty(text);
            Assert.DoesNotContain(text, char.IsControl);
        });

    [Fact]
    public void A_fraction_is_unknown_or_between_nothing_and_all_and_only_an_ended_run_has_all() =>
        Readings.Sample(reading =>
        {
            var fraction = ProgressBar.Fraction(reading);

            Assert.True(fraction is null or (>= 0 and <= 1));
            Assert.Equal(reading?.Status is { } status && status.IsTerminal(), fraction is 1);
        });

    [Theory]
    [InlineData(3, 12, "██░░░░░░")]
    [InlineData(0, 12, "░░░░░░░░")]
    [InlineData(null, 12, "░░░░░░░░")]
    [InlineData(3, null, "········")]
    [InlineData(3, 0, "········")]
    [InlineData(3, -5, "········")]
    [InlineData(-3, 12, "░░░░░░░░")]
    [InlineData(50, 12, "████████")]
    public void A_running_run_fills_its_bar_by_turns_of_the_maximum(int? turns, int? most, string expected) =>
        Assert.Equal(expected, ProgressBar.Render(new() { Status = RunStatus.Running, Turns = turns, MaxTurns = most }, 8).Bar);

    [Fact]
    public void The_text_says_status_turns_and_what_the_run_waits_for() =>
        Assert.Equal("Waiting 2/12 turns (the rate limit's reset)", ProgressBar.Render(new() { Status = RunStatus.Waiting, Turns = 2, MaxTurns = 12, Phase = "model", WaitsFor = "the rate limit's reset" }, 8).Text);
}
