namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Of an ended run nothing is left but its rows.</summary>
internal static class LeakRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var runs = history.Runs.ToDictionary(run => run.Id);
        foreach (var process in history.Processes.Where(process => process.Run is not { } run || !runs.TryGetValue(run, out var row) || row.IsTerminal))
        {
            yield return new(ViolationKind.LeakedProcesses, process.Run, $"pid {process.Pid} ({process.Name}): {process.Evidence}");
        }

        foreach (var attempt in history.Attempts.Where(attempt => attempt.Leaked))
        {
            yield return new(ViolationKind.LeakedProcesses, attempt.Run, $"attempt {attempt.Number} on {attempt.Node} is marked leaked: {attempt.Reason}");
        }

        foreach (var file in history.Files)
        {
            var isDue = !runs.TryGetValue(file.Run, out var row) || (row.IsTerminal && Latest(row) + file.KeptFor < history.ReadAt);
            if (isDue)
            {
                yield return new(ViolationKind.LeakedFiles, file.Run, $"{file.Path} is left; the run {(row is null ? "is unknown" : $"ended {row.EndedAt:O} and could be continued until {row.ContinueUntil:O}")}");
            }
        }
    }

    private static DateTimeOffset? Latest(LedgerRun run) => run.ContinueUntil > run.EndedAt ? run.ContinueUntil : run.EndedAt;
}
