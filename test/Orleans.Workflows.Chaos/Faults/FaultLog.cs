using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>What was done, how often, and to whom. Thread-safe.</summary>
/// <param name="leastAgents">With fewer alive a fault counts for nothing.</param>
/// <param name="quiet">Says nothing.</param>
/// <param name="time">The clock.</param>
internal sealed class FaultLog(int leastAgents, bool quiet, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FaultKind, int> _counts = [];
    private readonly List<Hit> _hits = [];
    private readonly List<int> _inFlight = [];
    private readonly List<LiveRule> _rules = [];

    public TimeProvider Time => time;

    public int LeastAgents => leastAgents;

    public IReadOnlyList<Hit> Hits
    {
        get
        {
            lock (_lock)
            {
                return [.. _hits];
            }
        }
    }

    public IReadOnlyList<LiveRule> Rules
    {
        get
        {
            lock (_lock)
            {
                return [.. _rules];
            }
        }
    }

    /// <summary>Agents alive when each fault that counts began.</summary>
    public IReadOnlyList<int> InFlight
    {
        get
        {
            lock (_lock)
            {
                return [.. _inFlight];
            }
        }
    }

    public int CountOf(FaultKind kind)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(kind);
        }
    }

    public void Count(FaultKind kind, string what, int? agents = null)
    {
        lock (_lock)
        {
            if (!(agents < leastAgents))
            {
                _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
                if (agents is { } alive)
                {
                    _inFlight.Add(alive);
                }
            }
        }

        if (!kind.IsOfLoad())
        {
            Say($"{kind.Name()}: {what}{(agents is { } with ? $" ({with} agents)" : "")}");
        }
    }

    /// <summary>Before it is done, so that what follows from it is never judged without it.</summary>
    public void Explain(Hit hit)
    {
        lock (_lock)
        {
            _hits.Add(hit);
        }
    }

    /// <summary>Adds a rule, or what is known of it by now.</summary>
    public LiveRule Know(LiveRule rule, LiveRule? before = null)
    {
        lock (_lock)
        {
            if (before is not null)
            {
                _rules.Remove(before);
            }

            _rules.Add(rule);
            return rule;
        }
    }

    public void Say(string text)
    {
        if (!quiet)
        {
            Console.Error.WriteLine($"{time.GetUtcNow():HH:mm:ss.fff} {text}");
        }
    }
}
