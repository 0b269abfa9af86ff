using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>What a silo has to tell the admission grain since its last report.</summary>
internal sealed class DispatcherNews
{
    public List<Offer> Offers { get; } = [];

    public List<RunId> Withdrawn { get; } = [];

    public List<RunId> Claimed { get; } = [];

    public List<RunId> Released { get; } = [];
}
