using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>So many may wait: it holds nobody back who does.</summary>
internal sealed class WaitingConstraint(LimitRule rule, string? key, TimeProvider time) : LimitConstraint(rule, key, time)
{
    public override decimal Used => Waiting;

    public override bool Has(int places) => true;

    public override void Take(bool isStart)
    {
    }
}
