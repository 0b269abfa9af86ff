namespace Orleans.Workflows.Failures;

/// <summary>A refusal as data. Exceptions are for broken contracts and for what is unknown (time-outs, lost databases).</summary>
[GenerateSerializer, Immutable, Alias("failure")]
public sealed record Failure
{
    [Id(0)] public required FailureKind Kind { get; init; }

    /// <summary>A stable code in snake case, for programs.</summary>
    [Id(1)] public required string Code { get; init; }

    /// <summary>One sentence that says what is wrong.</summary>
    [Id(2)] public required string Message { get; init; }

    /// <summary>The offending input field as a path (<c>input.branch</c>), or null.</summary>
    [Id(3)] public string? Field { get; init; }

    /// <summary>What the caller can do about it.</summary>
    [Id(4)] public string? Remedy { get; init; }

    [Id(5)] public bool Retryable { get; init; }

    [Id(6)] public TimeSpan? RetryAfter { get; init; }

    public static Failure Invalid(string field, string message, string remedy) =>
        new() { Kind = FailureKind.Invalid, Code = "invalid", Message = message, Field = field, Remedy = remedy };

    public static Failure NotFound(string message, string remedy) =>
        new() { Kind = FailureKind.NotFound, Code = "not_found", Message = message, Remedy = remedy };

    public static Failure Conflict(string code, string message, string? remedy = null) =>
        new() { Kind = FailureKind.Conflict, Code = code, Message = message, Remedy = remedy };

    public static Failure Unavailable(string message, TimeSpan retryAfter) =>
        new() { Kind = FailureKind.Unavailable, Code = "unavailable", Message = message, Retryable = true, RetryAfter = retryAfter, Remedy = "Send the same request again after the delay; with the same Idempotency-Key it starts nothing twice." };
}
