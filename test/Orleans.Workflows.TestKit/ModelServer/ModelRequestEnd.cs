namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>How a request of an agent ended.</summary>
public enum ModelRequestEnd
{
    /// <summary>All that the step says was sent.</summary>
    Answered = 0,

    /// <summary>The client went away first; of a hang, the only end but the next.</summary>
    ClientGone = 1,

    /// <summary>The server was disposed first.</summary>
    ServerStopped = 2,
}
