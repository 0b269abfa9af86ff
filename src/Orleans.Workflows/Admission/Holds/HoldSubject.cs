using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>What a hold is about.</summary>
internal readonly record struct HoldSubject(LimitDimension Dimension, string? Label, string Key)
{
    /// <summary>Tells it from every other one; its name in the ledger.</summary>
    public string Id => Dimension switch
    {
        LimitDimension.Service => "service",
        LimitDimension.Label => $"label:{Label}={Key}",
        var dimension => $"{dimension.ToString().ToLowerInvariant()}:{Key}",
    };

    public string Name => DimensionText.Of(Dimension, Label, Key);

    public static HoldSubject Of(LimitDimension dimension, string? label, string? key) => new(dimension, label, key ?? "");

    public bool Covers(Demand demand, string queue) => demand.KeyFor(Dimension, Label, queue) == Key;
}
