using Orleans.Workflows.Admission.Constraints;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>The holds that keep a start back.</summary>
internal sealed class HoldSet(HoldConstraint[] holds) : ConstraintSet<HoldConstraint>(holds);
