using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>A side effect that follows a durable step. Each may be repeated or lost; the scans make up for a lost one.</summary>
internal abstract record RunEffect
{
    /// <summary>Asks for a slot.</summary>
    public sealed record OfferRun(Offer Offer) : RunEffect;

    /// <summary>Waits for a slot no longer.</summary>
    public sealed record Withdraw : RunEffect;

    /// <summary>The attempt has ended: its slot is free.</summary>
    public sealed record Release(string Node) : RunEffect;

    /// <summary>The run's locks are free.</summary>
    public sealed record Unlock : RunEffect;

    /// <summary>What the attempt showed about what others need too.</summary>
    /// <param name="IsEarly">The attempt goes on, and tells it again at its end: it matters only to those who wait for it.</param>
    public sealed record Find(AttemptFinding Finding, bool IsEarly = false) : RunEffect;

    /// <summary>What the attempt has used so far.</summary>
    public sealed record Spend(AttemptUsage Usage) : RunEffect;

    /// <summary>Ends the attempt's process tree.</summary>
    public sealed record StopAttempt(string Node, int Attempt, Guid CommandId, bool Now) : RunEffect;

    /// <summary>Hands a message to the agent.</summary>
    public sealed record Deliver(string Node, int Attempt, CommandRow Message) : RunEffect;

    /// <summary>Asks the node what became of the attempt; it answers by reporting its end, or not if it runs.</summary>
    public sealed record CheckAttempt(string Node, int Attempt) : RunEffect;
}
