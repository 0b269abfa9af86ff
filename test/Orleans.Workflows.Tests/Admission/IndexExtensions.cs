using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>One node asks alone.</summary>
internal static class IndexExtensions
{
    public static List<Grant> Take(this AdmissionIndex index, string node) => [.. index.Take([node]).Select(taken => taken.Grant)];

    public static void SetLimit(this AdmissionIndex index, string queue, int? limit) =>
        index.SetRule(LimitRule.Of(QueueLimits.NameOf(queue), QueueLimits.Of(queue, limit)));

    /// <summary>Leaves everything as it was.</summary>
    public static bool CanTake(this AdmissionIndex index, string node)
    {
        var grants = index.Take(node);
        foreach (var grant in grants)
        {
            index.Return(grant);
            index.Offer(new(grant.Run, grant.Queue, grant.QueuedAt) { DueAt = grant.DueAt, Node = grant.Node, Demand = grant.Demand });
        }

        return grants.Count > 0;
    }
}
