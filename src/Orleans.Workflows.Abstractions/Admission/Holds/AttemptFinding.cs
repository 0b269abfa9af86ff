using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>What an attempt showed about what others need too. Its evidence is the agent's output; one that is lost is made up for by the next attempt's.</summary>
[GenerateSerializer, Immutable, Alias("attempt-finding")]
public sealed record AttemptFinding([property: Id(0)] RunId Run, [property: Id(1)] int Attempt)
{
    /// <summary>What failed it, for reasons outside of the work; null: nothing of that kind, and the model has answered.</summary>
    [Id(2)] public Dependency? Failed { get; init; }

    /// <summary>When the service says that it works again; null: it did not say.</summary>
    [Id(3)] public DateTimeOffset? Until { get; init; }

    /// <summary>The failure in words.</summary>
    [Id(4)] public string? Text { get; init; }
}
