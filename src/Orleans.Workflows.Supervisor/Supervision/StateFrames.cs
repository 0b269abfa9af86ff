using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>The frames that tell clients how the attempt stands.</summary>
internal static class StateFrames
{
    internal static byte[] Spawned(AgentProcess agent) => Frame.Encode(FrameKind.Spawned, [agent.Pid, agent.StartTime]);

    internal static byte[] Grew(Spools spools) => Frame.Encode(FrameKind.Grew, [spools.Stdout.Written, spools.Stderr.Written]);

    internal static byte[] Full(Spool spool) => Frame.Encode(FrameKind.SpoolFull, [(long)spool.Stream, spool.Written, spool.Errno]);

    internal static byte[] Acked(string id) => Frame.Encode(FrameKind.Acked, id: id);

    internal static byte[] Refused(string id) => Frame.Encode(FrameKind.Refused, id: id);

    internal static byte[] Lingering(int processes) => Frame.Encode(FrameKind.Lingering, [processes]);
}
