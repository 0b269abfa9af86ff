namespace Orleans.Workflows.Chaos.Checking;

/// <summary>One broken promise with its evidence.</summary>
internal sealed record Violation(ViolationKind Kind, Guid? Run, string Evidence)
{
    public override string ToString() => $"{Kind}: run {Run?.ToString() ?? "-"}: {Evidence}";
}
