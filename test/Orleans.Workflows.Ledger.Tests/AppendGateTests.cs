using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Ledger.Writing;

namespace Orleans.Workflows.Ledger.Tests;

public sealed class AppendGateTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_exceeds_count_or_bytes_waits_in_order_until_something_leaves()
    {
        var gate = new AppendGate(maxCount: 2, maxBytes: 100, TimeSpan.FromSeconds(15), _time);
        await gate.EnterAsync(60, () => { }, Token);
        var second = gate.EnterAsync(50, () => { }, Token).AsTask();
        var third = gate.EnterAsync(1, () => { }, Token).AsTask();
        Assert.False(second.IsCompleted);
        Assert.False(third.IsCompleted);
        gate.Leave(1, 60);
        await second;
        await third;
        var fourth = gate.EnterAsync(0, () => { }, Token).AsTask();
        Assert.False(fourth.IsCompleted);
        gate.Leave(1, 50);
        await fourth;
    }

    [Fact]
    public async Task One_larger_than_the_bound_enters_alone()
    {
        var gate = new AppendGate(maxCount: 10, maxBytes: 100, TimeSpan.FromSeconds(15), _time);
        await gate.EnterAsync(1, () => { }, Token);
        var large = gate.EnterAsync(1_000, () => { }, Token).AsTask();
        Assert.False(large.IsCompleted);
        gate.Leave(1, 1);
        await large;
        Assert.False(gate.EnterAsync(1, () => { }, Token).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_wait_makes_room_for_those_behind_it()
    {
        var gate = new AppendGate(maxCount: 10, maxBytes: 100, TimeSpan.FromSeconds(15), _time);
        await gate.EnterAsync(60, () => { }, Token);
        using var cancel = new CancellationTokenSource();
        var large = gate.EnterAsync(90, () => { }, cancel.Token).AsTask();
        var small = gate.EnterAsync(10, () => { }, Token).AsTask();
        Assert.False(small.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
    }

    [Fact]
    public async Task Nobody_waits_longer_than_the_bound_and_those_behind_go_on()
    {
        var gate = new AppendGate(maxCount: 10, maxBytes: 100, TimeSpan.FromSeconds(15), _time);
        await gate.EnterAsync(60, () => { }, Token);
        var large = gate.EnterAsync(90, () => Assert.Fail("It is too late."), Token).AsTask();
        _time.Advance(TimeSpan.FromSeconds(10));
        var small = gate.EnterAsync(10, () => { }, Token).AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => large);
        await small;
    }
}
