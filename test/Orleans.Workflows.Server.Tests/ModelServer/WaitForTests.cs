using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.ModelServer;

public sealed class WaitForTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_condition_that_holds_is_not_waited_for() =>
        await WaitFor.Condition(() => true, () => "", time: _clock, cancellationToken: Cancel);

    [Fact]
    public async Task A_condition_is_looked_at_again_with_each_tick()
    {
        var looks = 0;
        var wait = WaitFor.Condition(() => ++looks == 3, () => "", time: _clock, cancellationToken: Cancel);

        await TickUntilAsync(wait);

        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task A_time_out_tells_the_condition_and_what_was_seen_last()
    {
        var ticks = 0;
        var wait = WaitFor.Condition(() => ++ticks < 0, () => $"run 1, Running", TimeSpan.FromSeconds(1), _clock, Cancel);

        await TickUntilAsync(wait);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => wait);
        Assert.Equal($"Not within 1 s: () => ++ticks < 0{Environment.NewLine}run 1, Running", late.Message);
        Assert.InRange(ticks, 2, 51);
    }

    [Fact]
    public async Task A_task_that_never_ends_times_out_with_its_description()
    {
        var never = new TaskCompletionSource();
        var wait = WaitFor.Completion(never.Task, () => "phase: Tool", TimeSpan.FromSeconds(1), _clock, Cancel);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.EndsWith("phase: Tool", (await Assert.ThrowsAsync<TimeoutException>(() => wait)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_out_of_the_task_itself_is_passed_on()
    {
        var own = new TimeoutException("its own");

        Assert.Same(own, await Assert.ThrowsAsync<TimeoutException>(
            () => WaitFor.Completion(Task.FromException(own), () => "", cancellationToken: Cancel)));
    }

    [Fact]
    public async Task The_callers_cancellation_is_not_a_time_out()
    {
        using var cancel = new CancellationTokenSource();
        var wait = WaitFor.Condition(() => false, () => "", time: _clock, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Arrivals_can_be_awaited_before_and_after_they_come()
    {
        var arrivals = new Arrivals<string>();
        var second = arrivals.NthAsync(2);

        arrivals.Add("a");
        Assert.False(second.IsCompleted);
        arrivals.Add("b");

        Assert.Equal("b", await second);
        Assert.Equal("a", await arrivals.NthAsync(1));
        Assert.Equal(["a", "b"], arrivals.Snapshot());
    }

    /// <summary>A tick's continuation runs on the pool, so the clock goes on only step by step.</summary>
    private async Task TickUntilAsync(Task wait)
    {
        while (!wait.IsCompleted)
        {
            _clock.Advance(TestTimeouts.Poll);
            await Task.Yield();
        }
    }
}
