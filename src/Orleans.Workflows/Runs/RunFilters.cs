using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Runs;

/// <summary>Checks what a filter says by itself.</summary>
internal static class RunFilters
{
    private const int TextLimit = 512;

    /// <summary>The first broken rule, named by its field behind <paramref name="path"/>; null if all is well. An empty filter is well here.</summary>
    public static Failure? Check(string path, RunFilter filter) =>
        CheckStatuses(path, filter.Statuses)
        ?? CheckText($"{path}.workflow", filter.Workflow)
        ?? CheckText($"{path}.queue", filter.Queue)
        ?? CheckText($"{path}.caller", filter.Caller)
        ?? CheckText($"{path}.branch", filter.Branch)
        ?? CheckText($"{path}.reason", filter.ReasonCode)
        ?? CheckText($"{path}.node", filter.Node)
        ?? CheckLabels($"{path}.labels", filter.Labels);

    /// <summary>It has no condition, so that it means every run.</summary>
    public static bool IsEmpty(RunFilter? filter) => filter is null or
    {
        Statuses: null or { Count: 0 }, Workflow: null, Queue: null, Caller: null, SessionId: null, Branch: null, ReasonCode: null, Node: null,
        Leaked: null, Labels: null or { Count: 0 }, CreatedFrom: null, CreatedTo: null,
    };

    private static Failure? CheckStatuses(string path, IReadOnlyList<RunStatus>? statuses) =>
        statuses?.All(Enum.IsDefined) != false
            ? null
            : Failure.Invalid($"{path}.status", $"'{path}.status' has a value that is none of its choices.", $"Use some of: {string.Join(", ", Enum.GetNames<RunStatus>())}.");

    private static Failure? CheckLabels(string path, IReadOnlyDictionary<string, string>? labels)
    {
        if (labels?.Count > RunRequests.LabelLimit)
        {
            return Failure.Invalid(path, $"'{path}' has {labels.Count} entries; a run has at most {RunRequests.LabelLimit}.", "Remove some.");
        }

        foreach (var (name, value) in labels ?? new Dictionary<string, string>())
        {
            if (name.Length is 0 or > RunRequests.NameLimit || name.Contains('\0', StringComparison.Ordinal))
            {
                return Failure.Invalid(path, $"'{path}' has a name that is empty, too long or has U+0000.", $"Names have 1 to {RunRequests.NameLimit} characters.");
            }

            if (value is null)
            {
                return Failure.Invalid($"{path}.{name}", $"'{path}.{name}' is null.", "Give it a text, or leave it out.");
            }

            if (RunRequests.CheckText($"{path}.{name}", value, TextLimit) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static Failure? CheckText(string field, string? text) =>
        text is "" ? Failure.Invalid(field, $"'{field}' is empty.", "Give it a text, or leave it out.") : RunRequests.CheckText(field, text, TextLimit);
}
