namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A line of an agent's own journal.</summary>
/// <param name="Event"><c>start</c>, <c>beat</c> or <c>end</c>.</param>
/// <param name="Run">From its marker <c>run/attempt</c>.</param>
/// <param name="Attempt">As <paramref name="Run"/>.</param>
/// <param name="Pid">Its process.</param>
/// <param name="BootMs">Milliseconds of the machine's steady clock, one for all processes.</param>
internal sealed record AgentLine(string Event, Guid Run, int Attempt, int Pid, double BootMs);
