using System.Diagnostics.Metrics;

namespace Orleans.Workflows.Execution;

/// <summary>What became of attempts that an operator has to know of.</summary>
internal static class AttemptInstruments
{
    private static readonly Meter Meter = new("Orleans.Workflows");

    private static readonly Counter<long> Leaks = Meter.CreateCounter<long>(
        "workflows.attempts.leaks", "{attempt}", "Attempts whose processes lived on after SIGKILL: each keeps its slot until they are gone or it is released.");

    public static void OnLeaked() => Leaks.Add(1);
}
