namespace Orleans.Workflows.Admission.Limits;

internal enum LimitMeasure
{
    /// <summary>Runs that hold a slot at one time.</summary>
    Concurrency,

    /// <summary>Starts in any window of the rule's period, counted when the slot is given.</summary>
    Starts,
}
