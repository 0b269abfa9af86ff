using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>A hundred thousand waiting runs over ten thousand keys, most of them held back by one limit or another.</summary>
public sealed class ScaleTests
{
    private const int Runs = 100_000;
    private const int Keys = 10_000;

    [Fact]
    public void The_next_is_chosen_in_50_microseconds_and_a_waiting_run_takes_less_than_a_kilobyte()
    {
        var time = new FakeTimeProvider();
        var demands = Enumerable.Range(0, Keys).Select(key => new Demand { Priority = 1 + key % 5, FairnessKey = $"tenant{key % 100}", Tenant = $"tenant{key % 100}", Repository = $"repository{key}", Credential = $"credential{key % 7}" }.ToJson()).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var stamp = Worked();
        var index = new AdmissionIndex(new() { DefaultQueueLimit = 5_000 }, 1, time);
        index.SetNode("n", 2_000);
        index.SetRule(new("repositories", LimitDimension.Repository, LimitMeasure.Concurrency, 1));
        index.SetRule(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 15));
        index.SetRule(new("credentials", LimitDimension.Credential, LimitMeasure.Concurrency, 200));
        for (var i = 0; i < Runs; i++)
        {
            index.Offer(new(new(Guid.NewGuid()), $"q{i % 3}", time.GetUtcNow() + TimeSpan.FromMilliseconds(i)) { Demand = demands[i % Keys] });
        }

        var built = Worked() - stamp;
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Runs;
        var running = new Queue<Grant>(index.Take("n"));
        var most = running.Count;
        stamp = Worked();
        var starts = 0;
        while (starts < 20_000)
        {
            index.Return(running.Dequeue());
            time.Advance(TimeSpan.FromMilliseconds(50));
            var grants = index.Take("n");
            starts += grants.Count;
            grants.ForEach(running.Enqueue);
            Assert.NotEmpty(running);
        }

        var each = (Worked() - stamp) / starts;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Runs} offers in {built.TotalSeconds:0.00} s, {bytes} bytes each; {most} at once; the next in {each.TotalMicroseconds:0.0} µs");
        Assert.True(bytes < 1_024, $"{bytes} bytes a waiting run");
        Assert.True(each < TimeSpan.FromMicroseconds(50), $"{each.TotalMicroseconds} µs a choice");
    }

    /// <summary>What this thread has worked, which is the same however busy the machine is: its first number is nanoseconds.</summary>
    private static TimeSpan Worked() => TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0]) / 1_000.0);
}
