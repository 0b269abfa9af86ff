using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

/// <summary>The answer of <c>GET /runs/{id}/result</c>, as far as it is shown.</summary>
internal sealed record RunOutcome
{
    public RunStatus Status { get; init; }

    public Reason? Reason { get; init; }

    public RunResult? Result { get; init; }
}
