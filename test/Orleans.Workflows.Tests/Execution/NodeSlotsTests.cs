using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Execution;

public sealed class NodeSlotsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_slot_that_becomes_free_goes_to_who_waits_and_patience_ends()
    {
        var slots = new NodeSlots(1, _time);
        var (first, second, third) = (Run(), Run(), Run());
        Assert.True(await slots.ReserveAsync(first, TimeSpan.FromSeconds(1)));
        Assert.Equal([(first, 0)], slots.Taken);
        var waiting = slots.ReserveAsync(second, TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);

        slots.CancelReservation(first);
        Assert.True(await waiting);
        var late = slots.ReserveAsync(third, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await late);
        Assert.Equal([(second, 0)], slots.Taken);
    }

    [Fact]
    public async Task What_was_launched_is_no_reservation_that_could_be_given_back()
    {
        var slots = new NodeSlots(2, _time);
        var (run, adopted) = (Run(), Run());
        var attempt = new FollowedAttempt(1, _time);
        Assert.False(slots.TryLaunch(run, attempt));
        Assert.True(await slots.ReserveAsync(run, TimeSpan.Zero));
        Assert.Empty(slots.Launched);
        Assert.True(slots.TryLaunch(run, attempt));
        slots.CancelReservation(run);

        Assert.True(slots.TryFind(run, 1, out var found));
        Assert.Same(attempt, found);
        Assert.False(slots.TryFind(run, 2, out _));
        Assert.True(slots.TryAdopt(adopted, new FollowedAttempt(3, _time)));
        Assert.Equal(2, slots.InUse);
        slots.Free(run, attempt);
        Assert.Equal([adopted], slots.Launched.Select(slot => slot.Run));
    }

    private static RunId Run() => RunId.New(TimeProvider.System);
}
