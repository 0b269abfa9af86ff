using Orleans.Workflows.Admission.Constraints;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>The limits that a start has to pass.</summary>
internal sealed class LimitSet(LimitConstraint[] limits) : ConstraintSet<LimitConstraint>(limits)
{
    /// <summary>One that lets nobody join those who wait; null: none.</summary>
    public LimitConstraint? Full
    {
        get
        {
            foreach (var limit in Span)
            {
                if (!limit.HasPlace)
                {
                    return limit;
                }
            }

            return null;
        }
    }

    /// <summary>Lanes and slots keep what they use from being forgotten.</summary>
    public void Use(int more)
    {
        foreach (var limit in Span)
        {
            limit.Uses += more;
        }
    }

    public void Join(int runs)
    {
        foreach (var limit in Span)
        {
            limit.Join(runs);
        }
    }

    public void Leave(int runs)
    {
        foreach (var limit in Span)
        {
            limit.Leave(runs);
        }
    }

    public void Depart()
    {
        foreach (var limit in Span)
        {
            limit.Depart();
        }
    }
}
