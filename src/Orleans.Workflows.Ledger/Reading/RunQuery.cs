using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Reading;

/// <summary>Filters are combined by and; a list is any of. Null or empty is no filter.</summary>
public sealed record RunQuery
{
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];
    public string? Workflow { get; init; }
    public string? Queue { get; init; }
    public string? Caller { get; init; }
    public Guid? SessionId { get; init; }
    public string? Branch { get; init; }
    public string? ReasonCode { get; init; }

    /// <summary>The node of the latest attempt, or the one that the run waits for.</summary>
    public string? Node { get; init; }

    /// <summary>Whether its open attempt is marked leaked: processes of it could not be ended.</summary>
    public bool? Leaked { get; init; }

    /// <summary>All must be present.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? CreatedTo { get; init; }

    public RunSort Sort { get; init; } = RunSort.Created;
    public bool Descending { get; init; } = true;

    /// <summary>What an earlier page's <see cref="RunPage.Next"/> said, with the same filters and sort.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;

    public bool WithTotal { get; init; } = true;
}
