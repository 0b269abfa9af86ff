using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>Runs wait until a test ends them, and a test moves the time.</summary>
public sealed class ScheduleSilo() : SlotlessSilo("schedules")
{
    public CutLedger Cuts { get; private set; } = null!;

    public ShiftedTime Time { get; } = new();

    internal ScheduleStore Schedules => Services.GetRequiredService<ScheduleStore>();

    protected override TimeProvider Clock => Time;

    /// <summary>The runs that a schedule has started, oldest first.</summary>
    internal async Task<IReadOnlyList<RunRow>> RunsOfAsync(string schedule) =>
        [.. (await Ledger.ListRunsAsync(new RunQuery { Caller = $"schedule:{schedule}", Limit = 500, Sort = RunSort.Created })).Runs.OrderBy(run => run.Id)];

    internal Task EndAsync(RunId run) =>
        Grains.GetRun(run).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = "enough" });

    protected override ILedger Around(ILedger ledger)
    {
        (var around, Cuts) = CutLedger.Around(ledger);
        return around;
    }
}
