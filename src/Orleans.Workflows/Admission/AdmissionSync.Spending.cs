using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Spending;

namespace Orleans.Workflows.Admission;

/// <summary>What was used lately, from the ledger: when the index is built, when a limit on it comes, and when somebody died who was to tell of an end.</summary>
internal sealed partial class AdmissionSync
{
    /// <summary>What was used within the longest period. Attempts that run are among it, so that nothing falls between this and what is told from now on.</summary>
    public async Task<IReadOnlyList<(AttemptUsage Usage, DateTimeOffset? EndedAt)>> ReadSpentAsync(CancellationToken cancellationToken = default)
    {
        var rows = await ledger.ReadAttemptUsageAsync(time.GetUtcNow() - TimeSpan.FromSeconds(LimitStore.MostPeriod), cancellationToken);
        return [.. rows.Select(row => (UsageAmounts.Of(row.Run, row.Number, row.Queue, row.Demand, row.Usage, row.StartedAt is not null, row.EndedAt is not null), row.EndedAt))];
    }

    public void SetSpent(IReadOnlyList<(AttemptUsage Usage, DateTimeOffset? EndedAt)> spent) => Apply(index => index.SetSpent(spent));
}
