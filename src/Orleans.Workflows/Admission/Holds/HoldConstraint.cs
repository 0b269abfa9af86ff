using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>Nobody starts, but for the one run that is to find out whether the others may.</summary>
internal sealed class HoldConstraint(HoldRule rule) : Constraint
{
    public HoldRule Rule { get; private set; } = rule;

    /// <summary>Its time is over, and what one run finds decides.</summary>
    public bool IsProbing { get; private set; }

    /// <summary>Who finds out; null: nobody yet.</summary>
    public RunId? Probe { get; set; }

    public override bool Has(int places) => IsProbing && Probe is null;

    public void Renew(HoldRule rule) => (Rule, IsProbing, Probe) = (rule, false, null);

    public void LetProbe() => IsProbing = true;
}
