using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Spending;

/// <summary>What runs have in common that are likely to use as much as each other.</summary>
/// <param name="Workflow">Null: ad-hoc, where the agent alone tells.</param>
/// <param name="Agent">The kind of the agent; null in runs of older versions.</param>
/// <param name="BudgetUsd">What one attempt of it may cost at most; null: it has no budget, or what is asked for is not money.</param>
internal readonly record struct RunLike(string? Workflow, string? Agent, decimal? BudgetUsd)
{
    public static RunLike Of(Demand demand, LimitMeasure measure) => new(demand.Workflow, demand.Agent, measure is LimitMeasure.CostUsd ? demand.BudgetUsd : null);
}
