using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>A hundred thousand waiting runs over ten thousand keys, most of them held back by one limit or another.</summary>
public sealed class ScaleTests
{
    private const int Runs = 100_000;
    private const int Keys = 10_000;
    private const int Able = 50;

    // 17 to 40 have been seen, with 42 to 64 µs a choice; a look at each that waits would take thousands.
    private const double MostExchanges = 80;

    [Fact]
    public void The_next_is_chosen_in_microseconds_and_a_waiting_run_takes_less_than_a_kilobyte()
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
        var (starts, worked, compared) = (0, TimeSpan.Zero, TimeSpan.Zero);
        var heap = new Heap(Runs);
        while (starts < 20_000)
        {
            stamp = Worked();
            for (var batch = starts + 1_000; starts < batch;)
            {
                index.Return(running.Dequeue());
                time.Advance(TimeSpan.FromMilliseconds(50));
                var grants = index.Take("n");
                starts += grants.Count;
                grants.ForEach(running.Enqueue);
                Assert.NotEmpty(running);
            }

            worked += Worked() - stamp;
            stamp = Worked();
            heap.Exchange(1_000);
            compared += Worked() - stamp;
        }

        var each = worked / starts;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Runs} offers in {built.TotalSeconds:0.00} s, {bytes} bytes each; {most} at once; the next in {each.TotalMicroseconds:0.0} µs, {worked / compared:0.0} exchanges in a heap of as many");
        Assert.True(bytes < 1_024, $"{bytes} bytes a waiting run");

        // Counting lines slows what is measured, and not what it is compared with.
        var isCounted = Environment.GetEnvironmentVariable("COVERAGE") is not null;
        Assert.True(isCounted || worked / compared < MostExchanges, $"{each.TotalMicroseconds} µs a choice, {worked / compared:0.0} exchanges in a heap of as many");
    }

    [Fact]
    public void What_a_node_can_not_serve_costs_its_choices_hardly_more_however_much_of_it_waits()
    {
        // Needs of their own, which no node has: as many sets of needs as runs.
        var (many, few) = (Labelled(Keys, Runs), Labelled(Keys, Runs / 100));
        Assert.Equal((Keys + Runs - Able, Keys + (Runs / 100) - Able), (many.Index.Waiting, few.Index.Waiting));
        var (worked, compared) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var batch = 0; batch < 4; batch++)
        {
            worked += Exchange(many, 2_000);
            compared += Exchange(few, 2_000);
        }

        // Trees grow by levels and leave the caches; a look at each would take a hundred times as long.
        TestContext.Current.TestOutputHelper?.WriteLine($"the next in {(worked / 8_000).TotalMicroseconds:0.0} µs, and in {(compared / 8_000).TotalMicroseconds:0.0} µs beside a hundredth");
        Assert.True(worked < compared * 20, $"{worked} beside {Runs} that can't start here, {compared} beside a hundredth of them");
    }

    /// <summary>A node whose slots are taken, and runs behind that need its label; others among them need another one too.</summary>
    private static (AdmissionIndex Index, Queue<Grant> Running) Labelled(int able, int others)
    {
        var time = new FakeTimeProvider();
        var index = new AdmissionIndex(new(), 1, time);
        index.SetNode("n", Able, ["docker"]);
        for (var i = 0; i < able + others; i++)
        {
            var needs = (long)i * able / (able + others) != (i + 1L) * able / (able + others) ? new[] { "docker" } : ["docker", $"label{i}"];
            index.Offer(new(new(Guid.NewGuid()), "q", time.GetUtcNow() + TimeSpan.FromMilliseconds(i)) { Demand = new Demand { Needs = needs }.ToJson() });
        }

        // The first choice puts those aside that can't start.
        return (index, new(index.Take("n")));
    }

    private static TimeSpan Exchange((AdmissionIndex Index, Queue<Grant> Running) node, int times)
    {
        var stamp = Worked();
        for (var i = 0; i < times; i++)
        {
            node.Index.Return(node.Running.Dequeue());
            node.Running.Enqueue(Assert.Single(node.Index.Take("n")));
        }

        return Worked() - stamp;
    }

    /// <summary>What this thread has worked, which is the same however busy the machine is: its first number is nanoseconds.</summary>
    private static TimeSpan Worked() => TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0]) / 1_000.0);

    /// <summary>What a choice is compared with, turn by turn: the machine is at times twice as slow as at others.</summary>
    private sealed class Heap
    {
        private readonly PriorityQueue<Guid, (long, Guid)> _entries = new();
        private readonly Random _random = new(1);

        public Heap(int size)
        {
            for (var i = 0; i < size; i++)
            {
                Put();
            }
        }

        public void Exchange(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _entries.Dequeue();
                Put();
            }
        }

        private void Put()
        {
            var id = Guid.NewGuid();
            _entries.Enqueue(id, (_random.NextInt64(), id));
        }
    }
}
