namespace Orleans.Workflows.Api.Schedules;

/// <summary>Pauses or unpauses a schedule.</summary>
public sealed record NoteRequest
{
    /// <summary>Why; kept with the schedule. At most 1,000 characters; null keeps the note that it has.</summary>
    public string? Note { get; init; }
}
