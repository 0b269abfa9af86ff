namespace Orleans.Workflows.Admission;

/// <summary>What a node may start as things are, whatever slots it has free.</summary>
/// <param name="Starts">So many agents more, counted from its report on.</param>
/// <param name="Reason">In words, what bounds them: its memory, or how fast it starts agents.</param>
[GenerateSerializer, Immutable, Alias("node-room")]
public sealed record NodeRoom([property: Id(0)] int Starts, [property: Id(1)] string Reason);
