using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>
/// A run's progress as text. The maximum of turns is a limit, not a plan: an unfinished run never looks finished, and
/// without a maximum the bar says that it does not know. Never throws.
/// </summary>
internal static class ProgressBar
{
    public const int LongestBar = 200;
    private const int TextLimit = 60;

    /// <summary>A bar of <paramref name="width"/> cells and what to read beside it.</summary>
    public static (string Bar, string Text) Render(ProgressReading? reading, int width)
    {
        reading ??= new();
        var cells = Math.Clamp(width, 0, LongestBar);
        var bar = Fraction(reading) is { } fraction ? Fill(fraction, cells) : new string('·', cells);
        return (bar, Text(reading));
    }

    /// <summary>0 to 1, or null when it can't be known.</summary>
    public static double? Fraction(ProgressReading? reading) => reading switch
    {
        null => null,
        { Status: { } status } when status.IsTerminal() => 1,
        { Turns: { } turns, MaxTurns: > 0 and { } most } => Math.Clamp((double)turns / most, 0, 0.99),
        { Turns: null, MaxTurns: > 0 } => 0,
        _ => null,
    };

    /// <summary>A bar of <paramref name="cells"/> cells, <paramref name="part"/> of them full.</summary>
    public static string Fill(double part, int cells) => Fill((int)Math.Round(part * cells), cells);

    private static string Fill(int full, int cells) => new string('█', full) + new string('░', cells - full);

    private static string Text(ProgressReading reading)
    {
        var status = reading.Status is { } known ? Name(known) : "unknown";
        var doing = reading.WaitsFor ?? reading.Phase;
        var turns = reading.Turns is null && reading.MaxTurns is null ? null : $"{Figures.Turns(reading.Turns, reading.MaxTurns)} turns";
        var ended = reading.Status is { } end && end.IsTerminal();
        return string.Join(' ', new[] { status, turns, ended || string.IsNullOrWhiteSpace(doing) ? null : $"({PlainText.Line(doing, TextLimit)})" }.Where(part => part is not null));
    }

    private static string Name(RunStatus status) => Enum.IsDefined(status) ? status.ToString() : "unknown";
}
