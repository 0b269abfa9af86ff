using System.Text.Json.Serialization;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>What <c>demo --json</c> prints.</summary>
internal sealed record DemoReport(IReadOnlyList<DemoRun> Runs, DemoUrls Urls, int Completed, int Total)
{
    public static DemoReport Of(IReadOnlyList<RunInfo> runs, DemoUrls urls) =>
        new([.. runs.Select(DemoRun.Of)], urls, runs.Count(run => run.Status == RunStatus.Completed), runs.Count);
}

/// <summary>One run of it; unknown is null.</summary>
/// <param name="Reason">The reason's code.</param>
internal sealed record DemoRun(
    string Id, string Status, int? Turns, long? InputTokens, long? OutputTokens, long? CacheReadTokens, long? CacheCreationTokens,
    decimal? CostUsd, int? ToolCalls, long? WallMs, string? Reason)
{
    public static DemoRun Of(RunInfo run) => new(
        run.Id.ToString(), run.Status.ToString(), run.Turns, run.Usage.InputTokens, run.Usage.OutputTokens, run.Usage.CacheReadTokens,
        run.Usage.CacheCreationTokens, run.Usage.CostUsd, run.ToolCalls, run.WallMs, run.Reason?.Code);
}

/// <summary>Where the demo's server is.</summary>
internal sealed record DemoUrls(string Api, string Dashboard, string Openapi);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
