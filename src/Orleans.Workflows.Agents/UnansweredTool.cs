namespace Orleans.Workflows.Agents;

/// <summary>A tool call whose result was not seen: should the attempt end now, it may or may not have taken effect.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Input">The beginning of the call's JSON, at most <see cref="InputLimit"/> characters; null when it had none.</param>
[GenerateSerializer, Immutable, Alias("unanswered-tool")]
public sealed record UnansweredTool([property: Id(0)] string Name, [property: Id(1)] string? Input)
{
    public const int InputLimit = 160;
}
