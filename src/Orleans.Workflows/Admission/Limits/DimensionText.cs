namespace Orleans.Workflows.Admission.Limits;

/// <summary>A key in words.</summary>
internal static class DimensionText
{
    public static string Of(LimitDimension dimension, string? label, string key) => dimension switch
    {
        LimitDimension.Service => "the whole service",
        LimitDimension.Label => $"label {label}={key}",
        _ => $"{dimension.ToString().ToLowerInvariant()} '{key}'",
    };
}
