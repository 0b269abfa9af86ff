using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>Repairs where there was nothing to repair.</summary>
public sealed class RepairRulesTests : PlantedTests
{
    [Theory]
    [InlineData("workflows.processes.repairs")]
    [InlineData("workflows.admission.repairs")]
    public async Task A_repair_where_nothing_was_harmed_was_needless(string counter)
    {
        Looked("n1", "n2");
        History.Repairs.Add(new("n1", counter, "ended"));
        await FindsAsync(ViolationKind.Reconciled, null);

        History.IsHarmed = true;
        Assert.Empty(await History.JudgeAsync());
    }

    [Fact]
    public async Task No_repair_of_a_node_that_never_looked_tells_nothing()
    {
        Looked("n1");
        await FindsAsync(ViolationKind.Reconciled, null);
        Looked("n2");
        Assert.Empty(await History.JudgeAsync());
    }

    private void Looked(params string[] nodes)
    {
        History.IsHarmed = false;
        History.Repairs.AddRange(nodes.Select(node => new Repair(node, Repair.Looks, null)));
    }
}
