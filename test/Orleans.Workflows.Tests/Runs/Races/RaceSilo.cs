using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>What nodes would report is the tests' to say, and so is when the ledger writes.</summary>
public sealed class RaceSilo() : SlotlessSilo("races")
{
    public SteppedLedger Steps { get; private set; } = null!;

    public RunStarter Starter => Services.GetRequiredService<RunStarter>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();

        // Its first activation takes the epoch that the tests' grants are of.
        await Grains.GetGrain<IAdmissionGrain>(0).GetQueuesAsync();
    }

    protected override ILedger Around(ILedger ledger)
    {
        (var around, Steps) = SteppedLedger.Around(ledger);
        return around;
    }
}
