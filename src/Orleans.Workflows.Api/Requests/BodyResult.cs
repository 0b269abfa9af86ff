using Orleans.Workflows.Api.Problems;

namespace Orleans.Workflows.Api.Requests;

/// <summary>A body that was read, or why it is refused.</summary>
/// <param name="Value">Null also when the body is empty and may be.</param>
internal readonly record struct BodyResult<T>(T? Value, ProblemDocument? Problem)
    where T : class;
