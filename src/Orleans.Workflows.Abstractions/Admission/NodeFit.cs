namespace Orleans.Workflows.Admission;

/// <summary>How a node fits a waiting run.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Labels">What it has.</param>
/// <param name="Missing">What the run needs beside that.</param>
[GenerateSerializer, Immutable, Alias("node-fit")]
public sealed record NodeFit([property: Id(0)] string Node, [property: Id(1)] IReadOnlyList<string> Labels, [property: Id(2)] IReadOnlyList<string> Missing);
