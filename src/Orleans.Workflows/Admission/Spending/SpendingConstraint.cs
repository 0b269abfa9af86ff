using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Spending;

/// <summary>So many tokens, or so much money, in any window of a period. Those who stand here ask for the same amount; others ask for another, of the same window.</summary>
internal sealed class SpendingConstraint(LimitRule rule, string? key, RunLike like, SpendingWindow window, EstimateBook estimates, TimeProvider time) : LimitConstraint(rule, key, time)
{
    private readonly TimeProvider _time = time;

    public SpendingWindow Window => window;

    /// <summary>What one run reserves.</summary>
    public decimal Asks => estimates.Of(like, Rule.Measure);

    public override decimal Used => window.Used;

    public override bool IsEmpty => window.IsEmpty;

    public override int Waiting
    {
        get => window.Waiting;
        protected set => window.Waiting = value;
    }

    public override bool IsReserved
    {
        get => window.KeptFor == this;
        set => window.KeptFor = value ? this : window.KeptFor == this ? null : window.KeptFor;
    }

    // What is kept for one is more or less than what another asks for.
    public override bool HasRoom => window.KeptFor is not { } kept ? Has(1) : Rule.Value is not { } limit || window.Used + window.Reserved + Asks + kept.Asks <= limit;

    public override bool HasPlace => !Rule.Rejects || Rule.Value is not { } limit || (Waiting == 0 ? Has(1) : window.Used + window.Reserved + (Asks * (Waiting + 1)) <= limit && limit > 0);

    public override long? OpensAt => Rule.Value is { } limit ? window.OpensAt(limit, Asks) : null;

    protected override int Excess => Waiting + 1;

    public override bool Has(int places) => Rule.Value is not { } limit || window.Fits(limit, Asks * places);

    /// <summary>What a start takes here is a <see cref="Charge"/>.</summary>
    public override void Take(bool isStart)
    {
    }

    /// <summary>Of one attempt, from its grant on.</summary>
    /// <param name="used">What it is known to have used already.</param>
    public Charge Charge(decimal used) => new(window, Rule.Measure, Math.Max(0, Asks - used));

    /// <summary>Something was used just now.</summary>
    public void Add(decimal amount) => window.Add(_time.GetTimestamp(), amount);
}
