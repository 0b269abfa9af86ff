namespace Orleans.Workflows.Admission.Locks;

/// <summary>A lock that a run asks for.</summary>
/// <param name="Name">What is locked: a repository and branch, a target of deployments. At most 255 characters, told apart by case.</param>
/// <param name="Mode">How.</param>
[GenerateSerializer, Immutable, Alias("lock-request")]
public sealed record LockRequest([property: Id(0)] string Name, [property: Id(1)] LockMode Mode);
