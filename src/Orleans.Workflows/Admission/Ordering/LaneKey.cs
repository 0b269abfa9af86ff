using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>What runs have in common that wait in one lane: whatever decides when one of them may start, but their time.</summary>
internal readonly record struct LaneKey(AdmissionQueue Queue, PlaceConstraint? Node, int Priority, string? FairnessKey, LimitSet Limits, LockSet? Locks, HoldSet? Holds);
