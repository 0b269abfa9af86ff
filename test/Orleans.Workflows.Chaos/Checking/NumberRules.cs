namespace Orleans.Workflows.Chaos.Checking;

/// <summary>An attempt's numbers are the fold of its transcript, a run's the sum of its attempts' and of its single rows of usage, and a gap is told.</summary>
internal static class NumberRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var parts = history.Transcript.ToLookup(part => (part.Run, part.Attempt));
        var attempts = history.Attempts.ToLookup(attempt => attempt.Run);
        foreach (var run in history.Runs.Where(run => run.IsTerminal))
        {
            var sum = Numbers.Unknown;
            var hasGap = false;
            foreach (var attempt in attempts[run.Id].OrderBy(attempt => attempt.Number))
            {
                var fold = AttemptFold.Of(parts[(attempt.Run, attempt.Number)]);
                if (fold.Broken is null && IsCertain(run, attempt, fold) && fold.Numbers != attempt.Numbers)
                {
                    yield return new(ViolationKind.WrongNumbers, run.Id, $"attempt {attempt.Number} says {attempt.Numbers}, its transcript {fold.Numbers}");
                }

                sum = sum.Add(attempt.Numbers);
                hasGap |= attempt.StartedAt is not null && attempt.Numbers.HasGap;
            }

            if (sum != run.Numbers)
            {
                yield return new(ViolationKind.WrongNumbers, run.Id, $"the run says {run.Numbers}, its attempts together {sum}");
            }

            var rows = history.UsageRows.GetValueOrDefault(run.Id, Numbers.Unknown);
            var usage = run.Numbers with { Turns = null, AgentTurns = null, ToolCalls = null };
            if (rows != usage)
            {
                yield return new(ViolationKind.WrongNumbers, run.Id, $"the run says {usage}, its rows of usage together {rows}");
            }

            if (hasGap && !run.UsageIncomplete)
            {
                yield return new(ViolationKind.WrongNumbers, run.Id, "an attempt's usage is not all known, and the sum does not say that it is incomplete");
            }
        }
    }

    /// <summary>A real agent counts on from its session and knows of calls that its lines don't show: it is certain when it came to its end at the first try.</summary>
    private static bool IsCertain(LedgerRun run, LedgerAttempt attempt, AttemptFold fold) =>
        !run.AsksTheModel || (attempt.Number == 1 && fold.HasResult);
}
