using Orleans.Workflows.Admission.Ordering;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>One thing that starts may have to wait for. The lanes that it holds back stand here, so that nobody looks at them until it opens.</summary>
internal abstract class Constraint
{
    protected Constraint()
    {
        Held = new(this);
    }

    /// <summary>What stands here waits for this, and perhaps for more.</summary>
    public LaneSet Held { get; }

    /// <summary>Lanes and slots that it is about; with none it may be forgotten.</summary>
    public int Uses { get; set; }

    /// <summary>Whether one more may start as far as this is concerned.</summary>
    public abstract bool HasRoom { get; }
}
