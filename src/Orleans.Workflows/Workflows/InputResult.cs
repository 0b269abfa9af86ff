using System.Text.Json.Nodes;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workflows;

/// <summary>A validated input with its defaults filled in, or why it is refused.</summary>
public sealed record InputResult
{
    public JsonObject? Value { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>The value as compact JSON, for the ledger.</summary>
    public string ToJson() => Value?.ToJsonString(WorkflowInput.Json) ?? "{}";

    internal static InputResult Refused(Failure failure) => new() { Failure = failure };
}
