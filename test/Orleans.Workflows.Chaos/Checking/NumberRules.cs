namespace Orleans.Workflows.Chaos.Checking;

/// <summary>An attempt's numbers are the fold of its transcript, a run's the sum of its attempts', and a gap is told.</summary>
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
                if (fold.Broken is null && fold.Numbers != attempt.Numbers)
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

            if (hasGap && !run.UsageIncomplete)
            {
                yield return new(ViolationKind.WrongNumbers, run.Id, "an attempt's usage is not all known, and the sum does not say that it is incomplete");
            }
        }
    }
}
