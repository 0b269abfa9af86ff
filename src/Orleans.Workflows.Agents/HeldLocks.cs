namespace Orleans.Workflows.Agents;

/// <summary>The locks that an attempt runs under.</summary>
/// <param name="Token">Larger than that of every attempt that was started before: whoever keeps what is locked can refuse an older one.</param>
/// <param name="Names">What is locked, by name.</param>
[GenerateSerializer, Immutable, Alias("held-locks")]
public sealed record HeldLocks([property: Id(0)] long Token, [property: Id(1)] IReadOnlyList<string> Names);
