namespace Orleans.Workflows.Runs;

/// <summary>Why a run stands where it stands: a stable code for programs and a sentence for people.</summary>
/// <param name="Code">One of <see cref="ReasonCodes"/>.</param>
/// <param name="Text">One sentence; may quote evidence, never a secret.</param>
[GenerateSerializer, Immutable, Alias("reason")]
public sealed record Reason([property: Id(0)] string Code, [property: Id(1)] string Text)
{
    public override string ToString() => $"{Code}: {Text}";
}
