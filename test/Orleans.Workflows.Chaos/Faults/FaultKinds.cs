using System.Text.Json;
using Orleans.Workflows.TestKit.Claude;

namespace Orleans.Workflows.Chaos.Faults;

internal static class FaultKinds
{
    /// <summary>Without those that need root or a program that is not there, take longer than all others together, or that only take-over by another node survives.</summary>
    public static IReadOnlyList<FaultKind> Usual { get; } =
        [.. Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.DiskFull && (kind != FaultKind.ModelCut || ClaudeBinary.Find() is not null) && !kind.TakesANode())];

    /// <summary>The cluster is without a node for as long as it takes to notice: two at once would be without a majority of three.</summary>
    public static bool TakesANode(this FaultKind kind) => kind is FaultKind.Partition or FaultKind.NodeLoss or FaultKind.SecondAdmission;

    /// <summary>Made by the load itself.</summary>
    public static bool IsOfLoad(this FaultKind kind) => kind is FaultKind.Duplicate or FaultKind.Late;

    /// <summary>As the report names it.</summary>
    public static string Name(this FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
