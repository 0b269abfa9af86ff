namespace Orleans.Workflows.Admission.Ordering;

/// <summary>The tag at which the last start of a level was. Never goes back.</summary>
internal sealed class TurnClock
{
    public double Now { get; set; }
}
