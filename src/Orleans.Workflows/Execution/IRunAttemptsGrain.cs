using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>The side of a run that the executing node talks to; implemented by <c>WorkflowGrain</c>. Every call is idempotent.</summary>
[Alias("run-attempts-grain")]
internal interface IRunAttemptsGrain : IGrainWithGuidKey
{
    /// <summary>Turns a grant into a durable attempt of a machine since its last boot; null when the run no longer wants one or the grant is void.</summary>
    [Alias("claim")]
    Task<LaunchOrder?> ClaimAsync(Grant grant, string node, string bootId);

    /// <summary>Returns false when the attempt is stale and must be stopped.</summary>
    [Alias("started")]
    Task<bool> StartedAsync(AttemptStart start);

    [Alias("output")]
    Task<OutputReply> OutputAsync(AttemptOutput output);

    /// <summary>Returns false when the end was not taken because the ledger stands elsewhere in its output; it is told again from there.</summary>
    [Alias("ended")]
    Task<bool> EndedAsync(AttemptEnd end);

    /// <summary>A process of the node follows the attempt anew: what was asked of it meanwhile is asked again.</summary>
    [Alias("followed")]
    Task FollowedAsync(int attempt);

    /// <summary>The attempt gives no sign of life, says <paramref name="text"/>; null: it does again.</summary>
    [Alias("suspect")]
    Task SuspectAsync(int attempt, string? text);

    /// <summary>The attempt's node has not been heard of for <paramref name="window"/>: it is over, and the run goes on elsewhere. False for one whose processes can't be ended: it stays open.</summary>
    [Alias("node-lost")]
    Task<bool> NodeLostAsync(int attempt, TimeSpan window);

    /// <summary>As <see cref="NodeLostAsync"/>, by the word of an operator.</summary>
    [Alias("node-declared-lost")]
    Task<bool> NodeDeclaredLostAsync(int attempt, RunCommand declaration);

    /// <summary>
    /// Processes of the attempt can't be ended: the attempt stays open, and its slot charged, until they are gone or an operator
    /// releases it. Returns false when it is not the open one any more: then nobody follows it further.
    /// </summary>
    [Alias("leaked")]
    Task<bool> LeakedAsync(int attempt, string text);

    /// <summary>The supervisor wrote the message to the agent.</summary>
    [Alias("delivered")]
    Task DeliveredAsync(int attempt, Guid commandId);

    /// <summary>Where the ledger stands with this attempt; null when it is not the open one.</summary>
    [Alias("position")]
    Task<AttemptPosition?> GetPositionAsync(int attempt);
}
