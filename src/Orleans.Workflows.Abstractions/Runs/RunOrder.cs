namespace Orleans.Workflows.Runs;

/// <summary>A validated, resolved request: what <see cref="IWorkflowGrain.StartAsync"/> makes durable.</summary>
[GenerateSerializer, Immutable, Alias("run-order")]
public sealed record RunOrder
{
    [Id(0)] public string? Workflow { get; init; }
    [Id(1)] public required string DefinitionHash { get; init; }
    [Id(2)] public required string Agent { get; init; }
    [Id(3)] public required string Queue { get; init; }
    [Id(4)] public required string Caller { get; init; }
    [Id(5)] public required string CorrelationId { get; init; }
    [Id(6)] public string? TraceParent { get; init; }

    /// <summary>The <c>RunSpec</c> as JSON.</summary>
    [Id(7)] public required string Spec { get; init; }
    [Id(8)] public required Guid SessionId { get; init; }
    [Id(9)] public RunId? ContinuedFrom { get; init; }
    [Id(10)] public int? MaxTurns { get; init; }
    [Id(11)] public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    [Id(12)] public string? Branch { get; init; }
    [Id(13)] public TimeSpan? QueueTimeout { get; init; }
    [Id(14)] public string? IdempotencyKey { get; init; }
    [Id(15)] public byte[]? RequestHash { get; init; }

    /// <summary>The node that holds the continued run's session and workspace; null where it continues none.</summary>
    [Id(16)] public string? Node { get; init; }

    /// <summary>How long the idempotency key is kept; null: as the service's setting says.</summary>
    [Id(17)] public TimeSpan? KeepKey { get; init; }

    /// <summary>What admission counts it by, as JSON; null: nothing but its queue.</summary>
    [Id(18)] public string? Demand { get; init; }

    /// <summary>When it joins its queue, an instant in the future; null: at once.</summary>
    [Id(19)] public DateTimeOffset? StartAt { get; init; }
}
