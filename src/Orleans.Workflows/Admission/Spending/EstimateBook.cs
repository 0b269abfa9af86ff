using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Spending;

/// <summary>What a run reserves of limits on tokens and money, by what the last attempts of its workflow used, or of its agent where it has no workflow.</summary>
/// <param name="options">What runs reserve of whose like nothing is known.</param>
/// <param name="isSilent">Agents that never tell what they use.</param>
internal sealed class EstimateBook(AdmissionOptions options, Func<string, bool> isSilent)
{
    private readonly Dictionary<(string? Workflow, string? Agent, LimitMeasure Measure), Estimate> _estimates = [];

    /// <summary>Never more than its budget, which bounds an attempt by itself.</summary>
    public decimal Of(RunLike run, LimitMeasure measure)
    {
        if (run.Agent is { } agent && isSilent(agent))
        {
            return 0;
        }

        var usual = _estimates.GetValueOrDefault(Key(run, measure))?.Value;
        return run.BudgetUsd is { } budget
            ? Math.Min(usual ?? budget, budget)
            : usual ?? (measure is LimitMeasure.CostUsd ? options.ReservedCostUsd : options.ReservedTokens);
    }

    /// <summary>An attempt has used so much in all. One that used nothing had nothing to do, and tells nothing.</summary>
    /// <returns>Whether others ask for another amount from now on.</returns>
    public bool Learn(RunLike run, LimitMeasure measure, decimal used)
    {
        if (used <= 0)
        {
            return false;
        }

        var key = Key(run, measure);
        if (!_estimates.TryGetValue(key, out var estimate))
        {
            _estimates.Add(key, estimate = new());
        }

        var before = estimate.Value;
        estimate.Add(used);
        return estimate.Value != before;
    }

    public void Clear() => _estimates.Clear();

    private static (string? Workflow, string? Agent, LimitMeasure Measure) Key(RunLike run, LimitMeasure measure) =>
        run.Workflow is null ? (null, run.Agent, measure) : (run.Workflow, null, measure);
}
