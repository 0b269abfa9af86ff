namespace Orleans.Workflows.Admission.Limits;

/// <summary>What a limit counts.</summary>
public enum LimitMeasure
{
    /// <summary>Runs that hold a slot at one time: from the grant to the durable end of the attempt.</summary>
    Concurrency,

    /// <summary>Starts in any window of the limit's period, counted when the slot is given. A restart of the service forgets them.</summary>
    Starts,

    /// <summary>Runs that wait for a slot. A start beyond it is refused (429) with the time after which there is likely room.</summary>
    Waiting,

    /// <summary>
    /// Tokens in any window of the limit's period: input, output and what was written to a cache; what was read from one does not
    /// count. A start reserves what runs like it used lately, and its attempt settles by what it used. What runs goes on.
    /// </summary>
    Tokens,

    /// <summary>US dollars in any window of the limit's period, by the agents' own estimates; otherwise as <see cref="Tokens"/>.</summary>
    CostUsd,
}
