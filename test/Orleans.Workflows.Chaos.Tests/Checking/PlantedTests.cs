using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>A history without a defect, into which each test plants one: the checker finds it, and nothing else.</summary>
public abstract class PlantedTests : IAsyncLifetime
{
    private PlantedHistory? _history;

    internal PlantedHistory History => _history!;

    public async ValueTask InitializeAsync() => _history = await PlantedHistory.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_history is not null)
        {
            await _history.DisposeAsync();
        }
    }

    protected Task ExecuteAsync(FormattableString sql) => History.ExecuteAsync(sql);

    private protected async Task FindsAsync(ViolationKind kind, Guid? run)
    {
        var found = await History.JudgeAsync();
        Assert.NotEmpty(found);
        Assert.All(found, violation => Assert.True((kind, run) == (violation.Kind, violation.Run), violation.ToString()));
    }
}
