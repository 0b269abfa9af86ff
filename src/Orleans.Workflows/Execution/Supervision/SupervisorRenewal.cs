using System.Net.Sockets;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// Renews supervisors by their files alone, for a silo that starts: before it has joined its cluster and follows anything, the
/// leases of the agents that outlived its predecessor go on running out.
/// </summary>
internal static class SupervisorRenewal
{
    /// <summary>Has all go on until an absolute time of the boot clock, in milliseconds. Returns how many were reached.</summary>
    internal static int RenewAll(string nodeDirectory, long until)
    {
        var frame = Frame.Encode(FrameKind.Renew, [until]);
        return AttemptDirectory.All(nodeDirectory).Count(attempt => attempt.ReadExit() is null && TryRenew(attempt, frame));
    }

    private static bool TryRenew(AttemptDirectory attempt, byte[] frame)
    {
        try
        {
            using var socket = ControlSocket.TryConnect(attempt.Path);
            return socket?.Send(frame) == frame.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
