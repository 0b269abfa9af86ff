using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>Whether what limits and holds are about is named well.</summary>
internal static class SubjectChecks
{
    /// <summary>Characters of a key: a repository's path is one.</summary>
    public const int KeyLimit = 4_096;

    public static Failure? Dimension(LimitDimension dimension) => Enum.IsDefined(dimension) ? null : Unknown<LimitDimension>("dimension");

    public static Failure? Label(LimitDimension dimension, string? label) => (dimension is LimitDimension.Label, label) switch
    {
        (true, null or "") => Failure.Invalid("label", "It is over a label and names none.", "Name the label whose values are meant."),
        (false, not null) => Failure.Invalid("label", $"'label' does not go with the dimension {dimension}.", "Leave it out, or use the dimension Label."),
        _ => RunRequests.CheckText("label", label, RunRequests.NameLimit),
    };

    public static Failure Unknown<T>(string field) where T : struct, Enum =>
        Failure.Invalid(field, $"'{field}' is not known.", $"Use one of: {string.Join(", ", Enum.GetNames<T>())}.");
}
