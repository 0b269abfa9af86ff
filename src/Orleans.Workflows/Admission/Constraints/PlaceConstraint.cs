namespace Orleans.Workflows.Admission.Constraints;

/// <summary>The node that holds the sessions of those who wait here, while it is not lost.</summary>
internal sealed class PlaceConstraint(string node, Func<string, int, bool> mayServe) : Constraint
{
    public string Node => node;

    public override bool Has(int places) => mayServe(node, places);
}
