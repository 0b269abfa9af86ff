namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Every byte once, every line once, and every numbered text of the agent in its order.</summary>
internal static class TranscriptRules
{
    private const int Stdout = 1;
    private const int Stderr = 2;

    public static IEnumerable<Violation> Check(History history)
    {
        var parts = history.Transcript.ToLookup(part => (part.Run, part.Attempt));
        var runs = history.Runs.ToDictionary(run => run.Id);
        foreach (var attempt in history.Attempts)
        {
            foreach (var (stream, recorded) in new[] { (Stdout, attempt.StdoutOffset), (Stderr, attempt.StderrOffset) })
            {
                if (FindGap(parts[(attempt.Run, attempt.Number)].Where(part => part.Stream == stream), recorded) is { } gap)
                {
                    yield return new(ViolationKind.WrongNumbers, attempt.Run, $"attempt {attempt.Number}, stream {stream}: {gap}");
                }
            }

            if (runs.TryGetValue(attempt.Run, out var run) && FindDisorder(AttemptFold.Of(parts[(attempt.Run, attempt.Number)]), attempt, run) is { } disorder)
            {
                yield return new(ViolationKind.WrongNumbers, attempt.Run, $"attempt {attempt.Number}: {disorder}");
            }
        }
    }

    private static string? FindGap(IEnumerable<TranscriptPart> parts, long recorded)
    {
        long at = 0;
        foreach (var part in parts.OrderBy(part => part.Offset))
        {
            if (part.Offset != at)
            {
                return $"a part begins at byte {part.Offset}, the one before ended at {at}";
            }

            at += part.Bytes.Length;
        }

        return at == recorded ? null : $"{at} bytes are kept, the attempt's offset is {recorded}";
    }

    private static string? FindDisorder(AttemptFold fold, LedgerAttempt attempt, LedgerRun run)
    {
        if (fold.Broken is { } broken)
        {
            return broken;
        }

        if (fold.Repeated is { } repeated)
        {
            return $"the line with uuid {repeated} stands there twice";
        }

        for (var i = 0; i < fold.Steps.Count; i++)
        {
            if (fold.Steps[i].Number != i + 1)
            {
                return $"text {i + 1} is missing: the agent's {fold.Steps[i].Number}. of {fold.Steps[i].Of} stands in its place";
            }
        }

        return run.Status == "Completed" && attempt.Reason == "success" && fold.Steps is [.., var last] && last.Number != last.Of
            ? $"it succeeded with {last.Number} texts of {last.Of}"
            : null;
    }
}
