namespace Orleans.Workflows.Nodes;

/// <summary>
/// What this process knows of its node's lease, in milliseconds of the boot clock: that counts the time in which the machine
/// slept, as supervisors and other nodes do.
/// </summary>
internal sealed class NodeLease(TimeSpan length)
{
    private const long Never = long.MinValue;

    private long _renewedAt = Never;

    /// <param name="atBootMs">Before the ledger was told: what it shows must never end earlier than what this node believes.</param>
    public void Renewed(long atBootMs) => Volatile.Write(ref _renewedAt, atBootMs);

    public void GivenUp() => Volatile.Write(ref _renewedAt, Never);

    /// <summary>The ledger shows this node as alive.</summary>
    public bool IsHeldAt(long bootMs) => Volatile.Read(ref _renewedAt) is var at and not Never && bootMs - at < length.TotalMilliseconds;
}
