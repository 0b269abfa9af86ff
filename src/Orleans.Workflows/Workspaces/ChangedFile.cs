namespace Orleans.Workflows.Workspaces;

/// <summary>One file that differs from the first commit.</summary>
/// <param name="Path">Relative to the workspace.</param>
/// <param name="Status"><c>added</c>, <c>modified</c>, <c>deleted</c> or <c>type_changed</c>.</param>
/// <param name="Added">Lines; null for binary and uncounted files.</param>
/// <param name="Removed">Lines; null likewise.</param>
[GenerateSerializer, Immutable, Alias("changed-file")]
public sealed record ChangedFile(
    [property: Id(0)] string Path,
    [property: Id(1)] string Status,
    [property: Id(2)] int? Added,
    [property: Id(3)] int? Removed);
