using Orleans.Workflows.Failures;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>What may be asked for, and how a workflow's locks and a request's come together.</summary>
internal static class LockNames
{
    public const int MostLocks = 16;
    public const int NameLimit = 255;

    public static Failure? Check(IReadOnlyDictionary<string, LockMode>? locks)
    {
        if (locks?.Count > MostLocks)
        {
            return Failure.Invalid("locks", $"'locks' has {locks.Count} names; at most {MostLocks} are allowed.", "Lock what contains them.");
        }

        foreach (var (name, mode) in locks ?? new Dictionary<string, LockMode>())
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > NameLimit || name.Any(char.IsControl))
            {
                return Failure.Invalid("locks", "'locks' has a name that is blank, too long or has control characters.", $"Names have 1 to {NameLimit} characters on one line.");
            }

            if (!Enum.IsDefined(mode))
            {
                return Failure.Invalid($"locks.{name}", $"'{mode}' is no mode of a lock.", $"Use one of: {string.Join(", ", Enum.GetNames<LockMode>())}.");
            }
        }

        return null;
    }

    /// <summary>All of both, by name; who asks for one alone gets it alone. Null: none.</summary>
    public static (IReadOnlyList<LockRequest>? Locks, Failure? Failure) Merge(LocksResult workflow, IReadOnlyDictionary<string, LockMode>? request)
    {
        var all = new Dictionary<string, LockMode>(workflow.Locks, StringComparer.Ordinal);
        foreach (var (name, mode) in request ?? all)
        {
            all[name] = all.TryGetValue(name, out var other) && other < mode ? other : mode;
        }

        return (workflow.Failure ?? Check(all)) is { } failure ? (null, failure)
            : all.Count == 0 ? (null, null)
            : ([.. all.Select(pair => new LockRequest(pair.Key, pair.Value)).OrderBy(item => item.Name, StringComparer.Ordinal)], null);
    }
}
