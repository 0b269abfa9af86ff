using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Spending;

/// <summary>What is counted of one attempt. It never shrinks: an agent that takes back what it said counts with the most that it said.</summary>
internal sealed class SpendingAttempt(string queue, string? demand)
{
    public string Queue => queue;

    public string? Demand => demand;

    public decimal Tokens { get; private set; }

    public decimal CostUsd { get; private set; }

    /// <summary>When something was counted last, as a timestamp.</summary>
    public long At { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Of what it told at its end how much it had used.</summary>
    public HashSet<LimitMeasure> Told { get; } = [];

    public decimal Of(LimitMeasure measure) => measure is LimitMeasure.Tokens ? Tokens : CostUsd;

    /// <returns>By how much that is more than was counted.</returns>
    public decimal Raise(LimitMeasure measure, decimal to)
    {
        var more = Math.Max(0, to - Of(measure));
        if (measure is LimitMeasure.Tokens)
        {
            Tokens += more;
        }
        else
        {
            CostUsd += more;
        }

        return more;
    }
}
