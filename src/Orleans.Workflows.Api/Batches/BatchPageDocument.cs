namespace Orleans.Workflows.Api.Batches;

/// <summary>A page of batches.</summary>
/// <param name="Items">Batches without their failures: those are with each batch.</param>
/// <param name="NextCursor">For the next page; null on the last.</param>
public sealed record BatchPageDocument(IReadOnlyList<BatchDocument> Items, Guid? NextCursor);
