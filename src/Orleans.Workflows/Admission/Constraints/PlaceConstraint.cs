namespace Orleans.Workflows.Admission.Constraints;

/// <summary>Where those may start who wait here: the node that holds their sessions while it is not lost, and always only nodes with all the labels that they need.</summary>
/// <param name="node">The node of their sessions; null: any.</param>
/// <param name="needs">Labels, in order; null: none.</param>
/// <param name="mayServe">Whether one of <see cref="Nodes"/> that asks has so many slots.</param>
internal sealed class PlaceConstraint(string? node, IReadOnlyList<string>? needs, Func<PlaceConstraint, int, bool> mayServe) : Constraint
{
    public string? Node => node;

    public IReadOnlyList<string>? Needs => needs;

    /// <summary>Known nodes that may serve it when they have room.</summary>
    public HashSet<string> Nodes { get; } = new(StringComparer.Ordinal);

    public override bool Has(int places) => mayServe(this, places);

    /// <summary>Whether a node's labels are all that is needed.</summary>
    public bool IsMetBy(IReadOnlyList<string> labels) => needs is null || needs.All(need => labels.Contains(need, StringComparer.Ordinal));
}
