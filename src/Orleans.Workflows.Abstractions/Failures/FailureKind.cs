namespace Orleans.Workflows.Failures;

/// <summary>What sort of refusal it is; REST maps each to one status code.</summary>
public enum FailureKind
{
    /// <summary>The request is wrong (400).</summary>
    Invalid = 1,

    /// <summary>No such thing (404).</summary>
    NotFound = 2,

    /// <summary>The thing is not in a state that allows it (409).</summary>
    Conflict = 3,

    /// <summary>The idempotency key was used with another request (422).</summary>
    KeyReused = 4,

    /// <summary>A queue or a limit is full (429).</summary>
    Exhausted = 5,

    /// <summary>The database or a silo can't be reached now (503).</summary>
    Unavailable = 6,

    /// <summary>The request is too large (413).</summary>
    TooLarge = 7,
}
