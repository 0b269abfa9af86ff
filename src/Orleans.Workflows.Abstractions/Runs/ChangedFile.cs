namespace Orleans.Workflows.Runs;

/// <param name="Status"><c>A</c>, <c>M</c>, <c>D</c>, <c>R</c>… as git says.</param>
/// <param name="Added">Lines added; null for binary files.</param>
[GenerateSerializer, Immutable, Alias("changed-file")]
public sealed record ChangedFile(
    [property: Id(0)] string Path,
    [property: Id(1)] string Status,
    [property: Id(2)] int? Added,
    [property: Id(3)] int? Removed);
