using System.Text.Json;
using Orleans.Workflows.Admission.Locks;

namespace Orleans.Workflows.Runs;

/// <summary>
/// What a caller asks for. Either <see cref="Workflow"/> names a definition, or <see cref="Agent"/> makes it an ad-hoc run.
/// Everything else overrides the definition within its limits. Validated whole before anything is stored.
/// </summary>
public sealed record StartRunRequest
{
    /// <summary>Name of a workflow; null for an ad-hoc run.</summary>
    public string? Workflow { get; init; }

    /// <summary>Agent of an ad-hoc run: <c>claude</c>, <c>command</c>, <c>scripted</c>.</summary>
    public string? Agent { get; init; }

    /// <summary>What to do, in words. At most 1 MB.</summary>
    public string? Message { get; init; }

    /// <summary>Input for the workflow's schema; an object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>1 to 1,000.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>Seconds from the first start, 1 to 86,400.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Seconds that one attempt may run, 1 to 86,400; then it is ended, and what follows is the workflow's retry policy to say. Null: the workflow's.</summary>
    public double? AttemptTimeoutSeconds { get; init; }

    /// <summary>Not before this instant, at most 365 days ahead: until then it is <see cref="RunStatus.Scheduled"/>. In the past, or null: at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>The same in seconds from its acceptance, 0 to 31,536,000; never beside <see cref="StartAt"/>.</summary>
    public double? StartAfterSeconds { get; init; }

    /// <summary>Seconds it may wait for a slot, 1 to 604,800, from when it is due to start; null waits for ever.</summary>
    public double? QueueTimeoutSeconds { get; init; }

    /// <summary>
    /// What the processes of one attempt may use together, bytes, 16 MB to 16 TB and what the nodes allow; beyond it the attempt
    /// is ended, and its run fails with the reason <c>memory</c>. Null: the workflow's, or else the node's.
    /// </summary>
    public long? MemoryLimitBytes { get; init; }

    public string? Model { get; init; }

    /// <summary>US dollars, above 0, at most 10,000.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>Plain values for the child's environment. Secrets belong into a workflow's credential.</summary>
    public Dictionary<string, string>? Environment { get; init; }

    /// <summary>
    /// A local repository for a workflow that works in a worktree; makes an ad-hoc run's workspace a worktree on a new branch.
    /// This and the next three also fill the properties of the same names of the workflow's input; given in both places they
    /// must agree.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>The branch or commit that the worktree starts from.</summary>
    public string? BaseBranch { get; init; }

    /// <summary>The new branch's name.</summary>
    public string? Branch { get; init; }

    /// <summary>An existing directory to work in, as for <see cref="Repository"/>.</summary>
    public string? Directory { get; init; }

    public string? Queue { get; init; }

    /// <summary>1, the first, to 5. Null: the workflow's, or else 3. A run that waits rises (<c>Admission:PriorityAging</c>).</summary>
    public int? Priority { get; init; }

    /// <summary>For whom it is: limits may count by it. At most 128 characters.</summary>
    public string? Tenant { get; init; }

    /// <summary>Runs of one priority with different keys take turns, however many each has waiting. Null: the tenant. At most 128 characters.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>At most 32; keys and values at most 128 characters.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>
    /// Names of what it may only work on alone (<c>Exclusive</c>), or together with others that share it (<c>Shared</c>), beside
    /// the workflow's. It starts when all are free and keeps them to its end, through all attempts. At most 16; names at most 255
    /// characters.
    /// </summary>
    public Dictionary<string, LockMode>? Locks { get; init; }

    /// <summary>
    /// Labels that a node must have to run it, beside the workflow's: it waits until one with all of them has a slot. At most 16;
    /// names of at most 63 letters, digits, '.', '-' and '_'.
    /// </summary>
    public List<string>? Needs { get; init; }

    /// <summary>Program and arguments of an ad-hoc <c>command</c> run.</summary>
    public List<string>? Command { get; init; }

    /// <summary>Options of the agent's adapter.</summary>
    public Dictionary<string, string>? Options { get; init; }
}
