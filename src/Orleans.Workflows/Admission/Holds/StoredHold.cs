namespace Orleans.Workflows.Admission.Holds;

/// <summary>What of a hold is stored as JSON beside who put it and when.</summary>
internal sealed record StoredHold(HoldSpec Spec, HoldSource Source);
