using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Spending;

/// <summary>What one slot has reserved of one window and has not used yet.</summary>
internal sealed class Charge
{
    public Charge(SpendingWindow window, LimitMeasure measure, decimal reserved)
    {
        (Window, Measure, Left) = (window, measure, reserved);
        window.Reserve(reserved);
    }

    public SpendingWindow Window { get; }

    public LimitMeasure Measure { get; }

    public decimal Left { get; private set; }

    /// <summary>So much of it is used now, or is needed no more.</summary>
    public void Reduce(decimal amount)
    {
        amount = Math.Min(amount, Left);
        Left -= amount;
        Window.Reserve(-amount);
    }
}
