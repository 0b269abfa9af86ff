using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Credentials;

/// <summary>A declared environment with its secrets, for one launch. Never stored.</summary>
public sealed record EnvironmentResult
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes these secrets out of texts that are stored or shown.</summary>
    public SecretRedactor Redactor { get; init; } = SecretRedactor.None;

    /// <summary>Sentences for the run's history; hold no secret.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why there is no such environment; everything else is then empty.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Names, never values: a record's own text would print every secret.</summary>
    public override string ToString() => $"{nameof(EnvironmentResult)} {{ {string.Join(", ", Environment.Keys)} }}";
}
