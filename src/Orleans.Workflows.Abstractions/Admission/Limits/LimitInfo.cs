namespace Orleans.Workflows.Admission.Limits;

/// <summary>A limit and how much of it is used.</summary>
[GenerateSerializer, Immutable, Alias("limit-info")]
public sealed record LimitInfo
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required LimitSpec Spec { get; init; }

    /// <summary>The keys of which most is used, at most 20, by use. Of a shared limit the one without a key.</summary>
    [Id(2)] public IReadOnlyList<LimitUse> Uses { get; init; } = [];

    /// <summary>It stands in the service's settings: a limit of the same key that is put hides it.</summary>
    [Id(3)] public bool IsSetting { get; init; }
}
