using System.Collections.Frozen;

namespace Orleans.Workflows.Runs;

/// <summary>
/// The one table of legal transitions. Both databases enforce the same table by triggers; a test compares every pair.
/// Terminal statuses have no way out.
/// </summary>
public static class RunTransitions
{
    private static readonly RunStatus[] NotStartedEnds =
        [RunStatus.Failed, RunStatus.Canceled, RunStatus.Terminated, RunStatus.Expired];

    // A short attempt may start and end before its start is recorded, so Starting reaches every end that Running does.
    private static readonly RunStatus[] StartedEnds =
        [RunStatus.Completed, RunStatus.Failed, RunStatus.Canceled, RunStatus.Terminated, RunStatus.TimedOut];

    private static readonly FrozenDictionary<RunStatus, FrozenSet<RunStatus>> Table = new Dictionary<RunStatus, RunStatus[]>
    {
        [RunStatus.Scheduled] = [RunStatus.Queued, RunStatus.Paused, .. NotStartedEnds],
        [RunStatus.Queued] = [RunStatus.Starting, RunStatus.Scheduled, RunStatus.Waiting, RunStatus.Paused, RunStatus.TimedOut, .. NotStartedEnds],
        // Back to Queued or Waiting: the launch is proven not to have happened, or the next attempt is due later.
        [RunStatus.Starting] = [RunStatus.Running, RunStatus.Queued, RunStatus.Waiting, RunStatus.Paused, RunStatus.Canceling, .. StartedEnds],
        [RunStatus.Running] = [RunStatus.Queued, RunStatus.Waiting, RunStatus.Paused, RunStatus.Canceling, .. StartedEnds],
        [RunStatus.Waiting] = [RunStatus.Running, RunStatus.Queued, RunStatus.Paused, RunStatus.Canceling, RunStatus.Expired, .. StartedEnds],
        [RunStatus.Paused] = [RunStatus.Scheduled, RunStatus.Queued, RunStatus.Running, RunStatus.Waiting, RunStatus.Canceling, RunStatus.Expired, .. StartedEnds],
        // An agent that finishes its work before the interrupt reaches it has completed: evidence wins over the request.
        [RunStatus.Canceling] = [.. StartedEnds],
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenSet());

    /// <summary>The statuses that a run may be accepted with.</summary>
    public static FrozenSet<RunStatus> Initial { get; } = FrozenSet.Create(RunStatus.Scheduled, RunStatus.Queued);

    public static bool IsTerminal(this RunStatus status) => status >= RunStatus.Completed;

    /// <summary>Whether a run in <paramref name="from"/> may move to <paramref name="to"/>. Staying is no transition and is always allowed while not terminal.</summary>
    public static bool IsLegal(RunStatus from, RunStatus to) =>
        from == to ? !from.IsTerminal() : Table.TryGetValue(from, out var next) && next.Contains(to);

    /// <summary>Every legal pair, for the schemas' tests.</summary>
    public static IEnumerable<(RunStatus From, RunStatus To)> Pairs =>
        from row in Table from to in row.Value orderby row.Key, to select (row.Key, to);
}
