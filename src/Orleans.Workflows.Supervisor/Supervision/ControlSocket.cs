using System.Runtime.InteropServices;
using System.Text;
using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>The listening socket <c>s</c> in the attempt's directory, whose mode keeps other users out.</summary>
internal static unsafe class ControlSocket
{
    private const int Backlog = 16;

    internal static int Listen()
    {
        var socket = Libc.Socket(Flags.UnixDomain, Flags.Stream | Flags.CloseOnExec | Flags.NonBlocking, 0);
        if (socket < 0)
            throw PosixException.Last("socket");

        // struct sockaddr_un: the family, then the path.
        Span<byte> address = [Flags.UnixDomain, 0, .. Encoding.UTF8.GetBytes(AttemptFiles.Socket), 0];
        fixed (byte* start = address)
        {
            if (Libc.Bind(socket, start, (uint)address.Length) != 0)
                throw PosixException.Last("bind");
        }

        return Libc.Listen(socket, Backlog) == 0 ? socket : throw PosixException.Last("listen");
    }

    /// <summary>The next client, or the negative errno.</summary>
    internal static int Accept(int listener)
    {
        var socket = Libc.Accept(listener, null, null, Flags.CloseOnExec | Flags.NonBlocking);
        return socket >= 0 ? socket : -Marshal.GetLastPInvokeError();
    }

    /// <summary>The connection that the silo passed as standard input.</summary>
    internal static ControlConnection FromStandardInput()
    {
        Descriptors.SetNonBlocking(0);
        return new ControlConnection(0);
    }
}
