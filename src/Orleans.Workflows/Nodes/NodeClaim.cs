using System.Globalization;
using System.Text;
using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Nodes;

/// <summary>
/// Which processes took this node's row, kept in its state directory: a line each with the row's <c>started_at</c> and the
/// process. So a server that comes back after a kill, at whatever address, knows its own lease from that of another server which
/// was given the same id, or a copy of the directory.
/// </summary>
internal sealed class NodeClaim(string stateDirectory)
{
    private readonly string _file = Path.Combine(stateDirectory, "node-claim");

    /// <summary>False while the row's lease belongs to a server that may live elsewhere.</summary>
    /// <param name="row">Null: the ledger has never seen the node.</param>
    /// <param name="address">This server's.</param>
    /// <param name="now">By the wall clock, as the row's lease is.</param>
    public bool MayTake(NodeRow? row, string address, DateTimeOffset now) =>
        row is null || row.SiloAddress.Length == 0 || row.SiloAddress == address || row.LeaseUntil <= now
        || Read().Any(claim => IsOf(claim, row) && IsOver(claim.Process));

    /// <summary>Before the row is written. What wrote the row that stands is kept, should this process die in between.</summary>
    public void Write(DateTimeOffset startedAt, NodeRow? row)
    {
        var own = (StartedAt: Key(startedAt), Process: ProcessIdentity.Of(Environment.ProcessId)!);
        var kept = Read().Where(claim => row is not null && IsOf(claim, row) && claim.StartedAt != own.StartedAt);
        var text = string.Concat(kept.Append(own).Select(claim => $"{claim.StartedAt} {Encoding.UTF8.GetString(ProcessRecordJson.Encode(claim.Process))}\n"));
        var errno = PosixFile.Replace(_file, Encoding.UTF8.GetBytes(text), sync: true);
        if (errno != 0)
        {
            throw new PosixException($"write {_file}", errno);
        }
    }

    /// <summary>Another boot may be another machine. This very process holds the directory anew: it had let go of it before.</summary>
    private static bool IsOver(ProcessRecord process) =>
        process.BootId == ProcessIdentity.BootId && (!ProcessIdentity.IsAlive(process) || process.Pid == Environment.ProcessId);

    private List<(long StartedAt, ProcessRecord Process)> Read()
    {
        var claims = new List<(long, ProcessRecord)>();
        if (!File.Exists(_file))
        {
            return claims;
        }

        foreach (var line in File.ReadLines(_file))
        {
            if (line.Split(' ', 2) is [var at, var process] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var startedAt))
            {
                try
                {
                    claims.Add((startedAt, ProcessRecordJson.Decode(Encoding.UTF8.GetBytes(process))));
                }
                catch (JsonException)
                {
                    // Somebody's own words: they claim nothing.
                }
            }
        }

        return claims;
    }

    /// <summary>One apart: a database may round what another cuts.</summary>
    private static bool IsOf((long StartedAt, ProcessRecord Process) claim, NodeRow row) => Math.Abs(claim.StartedAt - Key(row.StartedAt)) <= 1;

    /// <summary>Microseconds: what every database keeps.</summary>
    private static long Key(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;
}
