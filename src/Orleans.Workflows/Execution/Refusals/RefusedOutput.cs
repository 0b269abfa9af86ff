namespace Orleans.Workflows.Execution.Refusals;

/// <summary>
/// Finds what the ledger refuses: output that was refused is told again in ever smaller pieces, and what is told after a
/// piece that was taken doubles again. So one bad line among thousands costs a few steps, and many cost a few each.
/// </summary>
internal static class RefusedOutput
{
    private const byte NewLine = (byte)'\n';

    /// <summary>A smaller piece of it, from the same place on; null when it is one line (or a piece of one) of one stream.</summary>
    public static SpoolBound? Narrow(AttemptOutput refused) => refused switch
    {
        { Stdout.Length: > 0, Stderr.Length: > 0 } => new(refused.StdoutTo, refused.StderrFrom),
        { Stdout.Length: > 0 } => Middle(refused.Stdout) is { } half ? new(refused.StdoutFrom + half, refused.StderrFrom) : null,
        _ => Middle(refused.Stderr) is { } half ? new(refused.StdoutFrom, refused.StderrFrom + half) : null,
    };

    /// <summary>How far to tell after a piece that was taken: twice as much, up to where the refused output ended; stderr last.</summary>
    public static SpoolBound Widen(AttemptOutput taken, SpoolBound whole)
    {
        var (stdout, stderr) = (taken.StdoutTo - taken.StdoutFrom, taken.StderrTo - taken.StderrFrom);
        return taken.StdoutTo < whole.Stdout
            ? new(Math.Min(whole.Stdout, taken.StdoutTo + (2 * stdout)), taken.StderrTo)
            : new(whole.Stdout, stderr == 0 ? whole.Stderr : Math.Min(whole.Stderr, taken.StderrTo + (2 * stderr)));
    }

    /// <summary>The end of the line nearest to the middle that leaves something on both sides.</summary>
    private static int? Middle(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        var before = bytes[..(bytes.Length / 2)].LastIndexOf(NewLine);
        if (before >= 0)
        {
            return before + 1;
        }

        var after = bytes[..^1].IndexOf(NewLine);
        return after >= 0 ? after + 1 : null;
    }
}
