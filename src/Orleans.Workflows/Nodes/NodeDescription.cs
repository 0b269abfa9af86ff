namespace Orleans.Workflows.Nodes;

/// <summary>What a node's silo says of itself.</summary>
[GenerateSerializer, Immutable, Alias("node-description")]
internal sealed record NodeDescription([property: Id(0)] string Version, [property: Id(1)] NodeRole Role, [property: Id(2)] IReadOnlyList<string> Labels);
