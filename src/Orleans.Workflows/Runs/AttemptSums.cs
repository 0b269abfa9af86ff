using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Runs;

/// <summary>Numbers summed over attempts. Unknown in all is null; unknown in some marks the sum incomplete.</summary>
/// <param name="Count">Attempts in all.</param>
/// <param name="Recoveries">Those of them that ended through no fault of the agent or its work.</param>
/// <param name="Stuck">Those of the recoveries that were ended as stuck.</param>
/// <param name="RateLimited">Those of them that a rate limit ended.</param>
/// <param name="Paused">Those of them that a person paused.</param>
/// <param name="Turns">As the attempts' own.</param>
/// <param name="AgentTurns">As the attempts' own.</param>
/// <param name="ToolCalls">As the attempts' own.</param>
/// <param name="Usage">As the attempts' own.</param>
/// <param name="Incomplete">Some attempt ran and its numbers are not all known.</param>
internal sealed record AttemptSums(int Count, int Recoveries, int Stuck, int RateLimited, int Paused, int? Turns, int? AgentTurns, int? ToolCalls, TokenUsage Usage, bool Incomplete)
{
    public static AttemptSums None { get; } = new(0, 0, 0, 0, 0, null, null, null, TokenUsage.Unknown, false);

    /// <summary>Tries of the run's retry policy, over all rounds.</summary>
    public int Tries => Count - Recoveries - RateLimited - Paused;

    /// <summary>What counts against the limits: the attempts since the round began.</summary>
    public AttemptRound Since(AttemptRound? began) => new(Tries - (began?.Tries ?? 0), Recoveries - (began?.Recoveries ?? 0), Stuck - (began?.Stuck ?? 0), RateLimited - (began?.RateLimited ?? 0));

    public AttemptSums Add(AttemptRow attempt) => new(
        Count + 1,
        Recoveries + (IsRecovered(attempt) ? 1 : 0),
        Stuck + (attempt.Reason?.Code == ReasonCodes.Stuck ? 1 : 0),
        RateLimited + (IsRateLimited(attempt) ? 1 : 0),
        Paused + (IsPaused(attempt) ? 1 : 0),
        Sum(Turns, attempt.Turns),
        Sum(AgentTurns, attempt.AgentTurns),
        Sum(ToolCalls, attempt.ToolCalls),
        Usage.Add(attempt.Usage),
        Incomplete || (attempt.StartedAt is not null && (attempt.Usage.InputTokens is null || attempt.Usage.OutputTokens is null || attempt.Usage.CostUsd is null)));

    /// <summary>Never a process, or one that its supervisor, lease or node took with it: the run goes on as if it had not been.</summary>
    public static bool IsRecovered(AttemptRow attempt) => (attempt.StartedAt is null && !IsPaused(attempt))
        || attempt.Reason?.Code is ReasonCodes.SupervisorLost or ReasonCodes.LeaseLost or ReasonCodes.NodeLost or ReasonCodes.Stuck;

    /// <summary>The account may use no more for now: no try of the retry policy, for the work was not at fault.</summary>
    public static bool IsRateLimited(AttemptRow attempt) => attempt.StartedAt is not null && attempt.Reason?.Code is ReasonCodes.RateLimited;

    /// <summary>It was ended because a person wants the run to stand still: no try of anything.</summary>
    public static bool IsPaused(AttemptRow attempt) => attempt.Reason?.Code is ReasonCodes.Paused;

    private static int? Sum(int? a, int? b) => a is null ? b : a + (b ?? 0);
}
