namespace Orleans.Workflows.Agents;

/// <summary>What an agent can do, so that the engine never asks by name.</summary>
public sealed record AgentCapabilities
{
    /// <summary>Takes messages on stdin while it runs.</summary>
    public bool Messages { get; init; }

    /// <summary>Has a polite interrupt on stdin.</summary>
    public bool Interrupt { get; init; }

    /// <summary>Can continue an earlier session.</summary>
    public bool Resume { get; init; }

    /// <summary>Stays alive after its result until stdin is closed.</summary>
    public bool WaitsForStdinClose { get; init; }

    /// <summary>Reports turns, tokens and cost.</summary>
    public bool ReportsUsage { get; init; }

    /// <summary>Longest line of output that is parsed; longer ones are kept raw and counted. Bytes.</summary>
    public int LineLimit { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long after its result it may take to exit once stdin is closed.</summary>
    public TimeSpan ExitAfterResult { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take from start to its first line.</summary>
    public TimeSpan FirstOutput { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may be silent while a tool runs, heartbeats included.</summary>
    public TimeSpan ToolSilence { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long its background tasks may go on after its result.</summary>
    public TimeSpan BackgroundTasks { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it may be silent while it waits for the model.</summary>
    public TimeSpan ModelSilence { get; init; } = TimeSpan.FromSeconds(330);
}
