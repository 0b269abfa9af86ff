namespace Orleans.Workflows.Runs;

/// <summary>Time limits of the engine's own steps.</summary>
public sealed class RunOptions
{
    /// <summary>From a claimed slot to a running process. Default 2 minutes.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an agent may take to stop politely before its tree is killed. Default 20 s.</summary>
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a run that is to be paused may go on with the tool calls that its agent has begun; then it is interrupted among them. Default 10 minutes.</summary>
    public TimeSpan PauseGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after a kill was ordered it is ordered again. Default 10 s.</summary>
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts of a run that may follow ones which ended through no fault of the agent or its work (a lost supervisor, lease or node, no process to be had). Default 5.</summary>
    public int MaxRecoveries { get; set; } = 5;

    /// <summary>How many of the recoveries may follow attempts that were ended as stuck. Default 2.</summary>
    public int MaxStuckRecoveries { get; set; } = 2;

    /// <summary>Attempts of a run that may follow ones which a rate limit ended: they are no tries of its retry policy, and its time limits stand still until it starts again. Default 20.</summary>
    public int MaxRateLimits { get; set; } = 20;

    /// <summary>Pause after an attempt that a rate limit without a reset time ended, twice that after the second, and so on. Default 1 minute.</summary>
    public TimeSpan RateLimitPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The nodes' state directories hold the same agent homes and workspaces (shared storage), so a run can go on elsewhere where it stood. Default false.</summary>
    public bool SharedStorage { get; set; }

    /// <summary>Pause before the second recovery, twice that before the third, and so on; the first is at once. Default 5 s.</summary>
    public TimeSpan RecoveryPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an ended run may be continued, and what that needs is kept. Default 24 h.</summary>
    public TimeSpan ContinueWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an idempotency key is kept. Default and minimum 24 h.</summary>
    public TimeSpan KeepKeys { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a run must be active before it gets a reminder, the second net: short runs never pay for one. Default 5 s.</summary>
    public TimeSpan ReminderAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The reminder's period. Default 1 minute.</summary>
    public TimeSpan ReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A queued run's grain leaves memory when at least this many runs wait. Default 5,000.</summary>
    public int ResidentQueue { get; set; } = 5_000;

    /// <summary>How long an ended run's grain stays in memory after it was loaded or ended: who waited for its end looks at it then. Default 30 s.</summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest result text kept with the run; the transcript holds the whole. Default 256 K characters.</summary>
    public int ResultTextLimit { get; set; } = 256 * 1024;
}
