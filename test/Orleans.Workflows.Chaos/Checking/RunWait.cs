namespace Orleans.Workflows.Chaos.Checking;

/// <summary>How long a run waited for its first start, or for its end without one.</summary>
/// <param name="Run">The run.</param>
/// <param name="Waited">All of it.</param>
/// <param name="Fair">What standing in line would have taken.</param>
/// <param name="Excused">What holds on it took, and until its priority was the highest.</param>
internal sealed record RunWait(Guid Run, TimeSpan Waited, TimeSpan Fair, TimeSpan Excused)
{
    /// <summary>How many times its fair wait it waited beyond what is excused.</summary>
    public double Share => Waited <= Excused ? 0 : (Waited - Excused) / (Fair > TimeSpan.FromSeconds(1) ? Fair : TimeSpan.FromSeconds(1));
}
