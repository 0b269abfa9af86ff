using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Workflows.Hosting;

/// <summary>
/// The port between silos of a node that was given none. It is kept: a silo that comes back at the address of a killed one
/// tells the cluster at once that that one is dead; at another it waits minutes for it to answer before it may join.
/// </summary>
internal static class SiloPort
{
    private const string FileName = "silo-port";

    /// <summary>The node's port of before if it is free, else another one, which is kept from now on.</summary>
    public static int Take(string stateDirectory, IPAddress address)
    {
        var file = Path.Combine(stateDirectory, FileName);
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && TryListen(address, kept) is { } same)
        {
            return same;
        }

        var port = TryListen(address, 0) ?? throw new InvalidOperationException($"There is no free port at {address}. Correct Workflows:Cluster:Address, or set Workflows:Cluster:SiloPort.");
        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    /// <summary>Orleans needs the number before it listens; nothing else of this machine asks for it in between.</summary>
    private static int? TryListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
