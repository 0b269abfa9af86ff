using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Nodes;

/// <summary>What a node may say that it has, and a run that it needs: names, of which each counts once and the order means nothing.</summary>
internal static class NodeLabels
{
    /// <summary>Of one node.</summary>
    public const int Most = 32;

    /// <summary>Of one run, with its workflow's.</summary>
    public const int MostNeeds = 16;

    public static Failure? Check(string field, IReadOnlyCollection<string>? names, int most)
    {
        if (names?.Count > most)
        {
            return Failure.Invalid(field, $"'{field}' has {names.Count} labels; at most {most} are allowed.", "Give one label to what is always together.");
        }

        foreach (var name in names ?? [])
        {
            if (RunRequests.CheckName(field, name ?? "") is { } wrong)
            {
                return wrong with { Message = $"'{field}' has '{name}', which is no label." };
            }
        }

        return null;
    }

    /// <summary>All of both, in order, each once. Null: none.</summary>
    public static (IReadOnlyList<string>? Needs, Failure? Failure) Merge(IReadOnlyList<string> workflow, IReadOnlyList<string>? request)
    {
        var all = workflow.Concat(request ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return Check("needs", all, MostNeeds) is { } failure ? (null, failure with { Message = $"With the workflow's {failure.Message}" }) : (all.Length == 0 ? null : all, null);
    }
}
