using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>Picks a port that nobody listens on.</summary>
internal static class PostgresPort
{
    // Below the ephemeral range, so that no outgoing connection takes the port while the server is stopped.
    private const int First = 20_000;
    private const int Last = 32_000;

    public static int Pick()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use; the next one may not be.
            }
        }
    }
}
