namespace Orleans.Workflows.Runs;

/// <param name="Status"><c>added</c>, <c>modified</c>, <c>deleted</c> or <c>type_changed</c>.</param>
/// <param name="Added">Lines added; null for binary files.</param>
[GenerateSerializer, Immutable, Alias("changed-file")]
public sealed record ChangedFile(
    [property: Id(0)] string Path,
    [property: Id(1)] string Status,
    [property: Id(2)] int? Added,
    [property: Id(3)] int? Removed);
