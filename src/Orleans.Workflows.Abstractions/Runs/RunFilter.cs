using System.Text.Json.Serialization;

namespace Orleans.Workflows.Runs;

/// <summary>Which runs are meant, in a list as in a batch. Conditions are combined by and; null or empty is none.</summary>
public record RunFilter
{
    /// <summary>Any of them.</summary>
    [JsonPropertyName("status")]
    public IReadOnlyList<RunStatus>? Statuses { get; init; }

    public string? Workflow { get; init; }

    public string? Queue { get; init; }

    /// <summary>Who started it.</summary>
    public string? Caller { get; init; }

    [JsonPropertyName("session")]
    public Guid? SessionId { get; init; }

    public string? Branch { get; init; }

    [JsonPropertyName("reason")]
    public string? ReasonCode { get; init; }

    /// <summary>The node of the latest attempt, or the one that the run waits for.</summary>
    public string? Node { get; init; }

    /// <summary>Whether its open attempt is marked leaked: processes of it could not be ended.</summary>
    public bool? Leaked { get; init; }

    /// <summary>All must be present.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? CreatedTo { get; init; }
}
