using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Room;

namespace Orleans.Workflows.Tests.Execution.Room;

public sealed class StartRoomTests
{
    private const long Megabyte = 1_024 * 1_024;

    private readonly FakeTimeProvider _time = new();
    private long? _available = 1_000 * Megabyte;

    [Theory]
    [InlineData(1_000, 0, 3)]
    [InlineData(1_000, 2, 1)]
    [InlineData(1_000, 9, 0)]
    [InlineData(455, 0, 0)]
    [InlineData(456, 0, 1)]
    [InlineData(100, 0, 0)]
    [InlineData(100_000, 0, 10)]
    public void Memory_has_room_for_so_many_beside_those_that_do_not_show_yet(int megabytes, int young, int starts)
    {
        _available = megabytes * Megabyte;
        var room = Make(new()).Look(young)!;
        Assert.Equal(starts, room.Starts);
        Assert.StartsWith($"it has {megabytes} MB of memory left, of which 256 MB stay free, and a new agent takes 200 MB", room.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_or_not_looked_at_bounds_nothing()
    {
        Assert.Null(Make(new() { AgentMemory = 0 }).Look(5));
        _available = null;
        Assert.Null(Make(new()).Look(5));
    }

    [Fact]
    public void The_less_of_both_bounds_and_is_told()
    {
        var room = Make(new() { StartsPerSecond = 2 });
        Assert.Equal((2, "it starts at most 2 agents a second"), (room.Look(0)!.Starts, room.Look(0)!.Reason));
        Assert.Equal(1, room.Look(2)!.Starts);
    }

    [Fact]
    public void In_no_time_more_start_than_come_back_in_it_and_may_start_at_once() =>
        Gen.Select(Gen.Double[0.1, 20], Gen.Int[0, 700].List[1, 80]).Sample((rate, pauses) =>
        {
            var time = new FakeTimeProvider();
            var room = new StartRoom(new() { StartsPerSecond = rate, AgentMemory = 0 }, () => null, time);
            var starts = new List<DateTimeOffset>();
            foreach (var pause in pauses)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                for (var left = room.Look(0)!.Starts; left > 0; left--)
                {
                    room.Start();
                    starts.Add(time.GetUtcNow());
                }

                Assert.Equal(0, room.Look(0)!.Starts);
            }

            for (var i = 0; i < starts.Count; i++)
            {
                for (var j = i; j < starts.Count; j++)
                {
                    Assert.True(j - i + 1 <= Math.Max(1, rate) + ((starts[j] - starts[i]).TotalSeconds * rate) + 1e-6);
                }
            }
        }, iter: 300);

    [Fact]
    public void Starts_beyond_what_was_told_count_against_the_next()
    {
        var room = Make(new() { StartsPerSecond = 1, AgentMemory = 0 });
        room.Start();
        room.Start();
        room.Start();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, room.Look(0)!.Starts);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, room.Look(0)!.Starts);
    }

    [Fact]
    public void Memory_is_read_ten_times_a_second_at_most()
    {
        var room = Make(new());
        Assert.Equal(3, room.Look(0)!.Starts);
        _available = 0;
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal((3, 2), (room.Look(0)!.Starts, room.Look(1)!.Starts));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, room.Look(0)!.Starts);
    }

    [Fact]
    public void A_node_that_starts_nobody_looks_at_nothing() => Assert.Null(Make(new() { Slots = 0, StartsPerSecond = 1 }).Look(0));

    private StartRoom Make(ExecutionOptions options) => new(options, () => _available, _time);
}
