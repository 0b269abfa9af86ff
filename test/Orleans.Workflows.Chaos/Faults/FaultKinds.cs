using System.Text.Json;

namespace Orleans.Workflows.Chaos.Faults;

internal static class FaultKinds
{
    /// <summary>Without those that need root or take longer than all others together, or that only take-over by another node survives.</summary>
    public static IReadOnlyList<FaultKind> Usual { get; } =
        [.. Enum.GetValues<FaultKind>().Except([FaultKind.DiskFull, FaultKind.Partition, FaultKind.NodeLoss, FaultKind.SecondAdmission])];

    /// <summary>Made by the load itself.</summary>
    public static bool IsOfLoad(this FaultKind kind) => kind is FaultKind.Duplicate or FaultKind.Late;

    /// <summary>As the report names it.</summary>
    public static string Name(this FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
