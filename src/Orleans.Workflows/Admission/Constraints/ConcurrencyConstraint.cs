using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>So many at once.</summary>
internal sealed class ConcurrencyConstraint(LimitRule rule, string? key, TimeProvider time) : LimitConstraint(rule, key, time)
{
    public int Running { get; private set; }

    public override decimal Used => Running;

    public override bool IsEmpty => Running == 0;

    public override bool Has(int places) => places <= Most - Running;

    public override void Take(bool isStart) => Running++;

    public override void Give(bool isEnd)
    {
        Running--;
        base.Give(isEnd);
    }
}
