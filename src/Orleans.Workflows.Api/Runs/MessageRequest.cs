namespace Orleans.Workflows.Api.Runs;

/// <summary>A message for a running agent.</summary>
public sealed record MessageRequest
{
    /// <summary>1 character to 1 MB.</summary>
    public required string Text { get; init; }

    /// <summary>Makes a repeat a no-op; null: the <c>Idempotency-Key</c> does, or nothing.</summary>
    public Guid? Id { get; init; }
}
