using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>
/// Frees at once what attempts of ended runs left on this node: spools, exit records, control files. A session does not need
/// them, and what the agent said is in the ledger: until all of it is, they stay.
/// </summary>
internal sealed class AttemptCleanup(ILedger ledger, TimeProvider time)
{
    /// <summary>Runs in the order of their ids. What fails or is interrupted is left for the next time.</summary>
    public async Task<IReadOnlyList<WorkspaceRemoval>> CleanupAsync(string nodeDirectory, CleanupRequest request, CancellationToken cancellationToken)
    {
        var removals = new List<WorkspaceRemoval>();
        var now = time.GetUtcNow();
        foreach (var directories in AttemptDirectory.All(nodeDirectory).Where(IsAskedFor).GroupBy(directory => directory.Run))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (removed, kept, run) = (new List<string>(), new List<KeptItem>(), new RunId(directories.Key));
            var row = await ledger.ReadRunAsync(run, cancellationToken);
            var attempts = row is null ? [] : await ledger.ReadAttemptsAsync(run, cancellationToken);
            foreach (var directory in directories)
            {
                if (Remove(directory, row, attempts.FirstOrDefault(attempt => attempt.Number == directory.Attempt), request.DryRun) is { } reason)
                {
                    kept.Add(new(directory.Path, reason));
                }
                else
                {
                    removed.Add(directory.Path);
                }
            }

            removals.Add(new() { Run = run, Removed = removed, Kept = kept, DryRun = request.DryRun });
        }

        return removals;

        bool IsAskedFor(AttemptDirectory directory) =>
            (request.Run is not { } only || only.Value == directory.Run) && (request.OlderThan is not { } age || now - Directory.GetLastWriteTimeUtc(directory.Path) >= age);
    }

    /// <summary>Null: it went.</summary>
    private static string? Remove(AttemptDirectory directory, RunRow? run, AttemptRow? attempt, bool dryRun)
    {
        try
        {
            // Held while it goes, so that nothing begins there.
            using var free = directory.TryLock();
            var reason = free is null ? "A supervisor is at work there." : WhyNeeded(run, attempt, LengthOf(directory.StdoutPath), LengthOf(directory.StderrPath));
            if (reason is null && !dryRun)
            {
                DirectoryRemoval.Delete(directory.Path);
            }

            return reason;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Pure. Why an attempt's files stay, by what the ledger has of it and how long its spools are; null: nothing needs them.</summary>
    internal static string? WhyNeeded(RunRow? run, AttemptRow? attempt, long stdout, long stderr) => (run, attempt) switch
    {
        (null, _) or (_, null) => "The database does not know the attempt.",
        ({ } row, _) when !row.Status.IsTerminal() || row.OpenAttempt is not null => "The run is not over.",
        (_, { EndedAt: null }) => "The attempt is not over.",
        var (_, ended) when ended.StdoutOffset < stdout || ended.StderrOffset < stderr => $"The database has {ended.StdoutOffset + ended.StderrOffset} of its {stdout + stderr} bytes of output.",
        _ => null,
    };

    private static long LengthOf(string spool) => new FileInfo(spool) is { Exists: true, Length: var length } ? length : 0;
}
