using System.Text.Json.Serialization;
using Orleans.Workflows.Agents.Replay;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>What <c>replay</c> prints: always all of these, null for unknown.</summary>
internal sealed record ReplayDocument(
    string Agent,
    string Status,
    string Reason,
    int? Turns,
    int? ToolCalls,
    long? InputTokens,
    long? OutputTokens,
    long? CacheReadTokens,
    long? CacheCreationTokens,
    decimal? CostUsd,
    string? SessionId,
    int PermissionDenials)
{
    public static ReplayDocument Of(ReplayResult result) => new(
        result.Agent, result.Status, result.Reason, result.Turns, result.ToolCalls, result.InputTokens, result.OutputTokens,
        result.CacheReadTokens, result.CacheCreationTokens, result.CostUsd, result.SessionId, result.PermissionDenials);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ReplayDocument))]
internal sealed partial class ReplayJson : JsonSerializerContext;
