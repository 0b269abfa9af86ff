using System.Net.Sockets;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>A supervisor that has not been told what to execute. Closing its socket ends it untouched.</summary>
internal sealed record WaitingSupervisor(Socket Socket, int Pid)
{
    /// <summary>It says nothing before its launch, so what can be read is its end.</summary>
    public bool IsGone => Socket.Poll(0, SelectMode.SelectRead);
}
