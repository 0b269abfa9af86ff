using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Api.Problems;

/// <summary>Every error answer: an RFC 9457 problem (<c>application/problem+json</c>) with what a program and a person need to go on.</summary>
public sealed record ProblemDocument
{
    /// <summary>A URN that names the kind of problem: <c>urn:orleans-workflows:problem:CODE</c>.</summary>
    public string Type => $"urn:orleans-workflows:problem:{Code}";

    /// <summary>The kind of problem in words; the same for one code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>One sentence that says what is wrong here.</summary>
    public required string Detail { get; init; }

    /// <summary>A stable code in snake case.</summary>
    public required string Code { get; init; }

    /// <summary>The offending field, parameter or header, as a path (<c>input.branch</c>); null when it is none of them.</summary>
    public string? Field { get; init; }

    /// <summary>What the caller can do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>Whether the same request may succeed later; <c>Retry-After</c> says when.</summary>
    public bool Retryable { get; init; }

    /// <summary>Ties this answer to the server's log.</summary>
    public string CorrelationId { get; init; } = "";

    /// <summary>Goes into <c>Retry-After</c>.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    internal static ProblemDocument From(Failure failure)
    {
        var (status, title) = failure.Kind switch
        {
            FailureKind.Invalid => (400, "The request is wrong."),
            FailureKind.NotFound => (404, "There is no such thing."),
            FailureKind.Conflict => (409, "Its state does not allow it."),
            FailureKind.KeyReused => (422, "The idempotency key was used with another request."),
            FailureKind.Exhausted => (429, "A limit is reached."),
            FailureKind.Unavailable => (503, "The service can't do it now."),
            FailureKind.TooLarge => (413, "The request is too large."),
            _ => (500, "The service failed."),
        };
        return new()
        {
            Title = title,
            Status = status,
            Detail = failure.Message,
            Code = failure.Code,
            Field = failure.Field,
            Remedy = failure.Remedy,
            Retryable = failure.Retryable,
            RetryAfter = failure.RetryAfter ?? (failure.Kind is FailureKind.Exhausted or FailureKind.Unavailable ? TimeSpan.FromSeconds(1) : null),
        };
    }
}
