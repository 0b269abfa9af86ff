using System.Net.Sockets;
using System.Text;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>Connects to the control socket of an attempt's directory.</summary>
internal static class ControlSocket
{
    private const int LongestPath = 107;

    /// <summary>Null when nobody listens.</summary>
    internal static Socket? TryConnect(string directory)
    {
        var path = Path.Combine(directory, AttemptFiles.Socket);
        if (Encoding.UTF8.GetByteCount(path) <= LongestPath)
            return ConnectTo(path);

        // A socket's address has no room for it; the link to an open directory is short.
        var descriptor = PosixFile.Open(directory, Flags.ReadOnly);
        if (descriptor < 0)
            return null;
        try
        {
            return ConnectTo($"/proc/self/fd/{descriptor}/{AttemptFiles.Socket}");
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    private static Socket? ConnectTo(string path)
    {
        // A stopped supervisor's backlog fills up, and then a blocking connect never returns.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
