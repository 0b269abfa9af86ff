namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Judges a history; shares no code with what it judges.</summary>
internal static class HistoryChecker
{
    public static IReadOnlyList<Violation> Check(History history) =>
    [
        .. AcceptanceRules.Check(history),
        .. EndRules.Check(history),
        .. ProcessRules.Check(history),
        .. LimitRules.Check(history),
        .. LiveRules.Check(history),
        .. LockRules.Check(history),
        .. WaitRules.Check(history),
        .. LeakRules.Check(history),
        .. TranscriptRules.Check(history),
        .. NumberRules.Check(history),
        .. ModelRules.Check(history),
        .. RepairRules.Check(history),
    ];
}
