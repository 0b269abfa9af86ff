namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A change of a server's own counter of comparisons or repairs.</summary>
/// <param name="Node">Whose.</param>
/// <param name="Counter"><c>workflows.processes.looks</c>, or one of those that end with <c>.repairs</c>.</param>
/// <param name="What">Its tag: what was put right.</param>
internal sealed record Repair(string Node, string Counter, string? What)
{
    /// <summary>The counter of comparisons, found right or not.</summary>
    public const string Looks = "workflows.processes.looks";

    public bool IsLook => Counter == Looks;
}
