namespace Orleans.Workflows.Runs;

/// <summary>Attempts as the limits count them: of one round, or of all before it. A person who resumes a paused run begins another round.</summary>
/// <param name="Tries">Of the retry policy.</param>
/// <param name="Recoveries">After attempts that ended through no fault of the agent or its work.</param>
/// <param name="Stuck">Those of the recoveries that were ended as stuck.</param>
/// <param name="RateLimited">Attempts that a rate limit ended; they are no tries.</param>
internal sealed record AttemptRound(int Tries, int Recoveries, int Stuck, int RateLimited = 0);
