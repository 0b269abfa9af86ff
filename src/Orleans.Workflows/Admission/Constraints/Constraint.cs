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

    /// <summary>A place is kept for one run, which alone may take the last.</summary>
    public virtual bool IsReserved { get; set; }

    /// <summary>Whether one more may start as far as this is concerned.</summary>
    public virtual bool HasRoom => Has(IsReserved ? 2 : 1);

    /// <summary>Whether so many are free, whoever they are for.</summary>
    public abstract bool Has(int places);
}
