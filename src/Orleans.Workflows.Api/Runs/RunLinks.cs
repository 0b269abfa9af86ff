using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Where the rest of a run is; paths on this server.</summary>
public sealed record RunLinks(string Self, string Events, string Transcript, string Result, string Attempts, string Usage, string Audit)
{
    internal static string PathOf(RunId run) => $"{WorkflowsApiExtensions.Prefix}/runs/{run}";

    internal static RunLinks Of(RunId run)
    {
        var self = PathOf(run);
        return new(self, self + "/events", self + "/transcript", self + "/result", self + "/attempts", self + "/usage", self + "/audit");
    }
}
