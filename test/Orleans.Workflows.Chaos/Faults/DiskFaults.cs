using Orleans.Workflows.Chaos.Cluster;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>A file system of a node's attempts alone, small enough to be filled to its last byte.</summary>
internal static class DiskFaults
{
    public static async Task FillAsync(FaultContext context)
    {
        var node = context.Cluster.Nodes.FirstOrDefault(node => context.Cluster.HasSmallDisk(node))
            ?? throw new InvalidOperationException("no node has a small disk: mounting one needs root");
        context.Count(FaultKind.DiskFull, node.Name);
        var filler = Path.Combine(node.StateDirectory, "attempts", "filler");
        try
        {
            await FillAsync(filler);
            await context.PauseAsync(1, 5);
        }
        finally
        {
            File.Delete(filler);
        }
    }

    private static async Task FillAsync(string path)
    {
        foreach (var size in new[] { 1 << 20, 1 << 12 })
        {
            try
            {
                await using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
                var zeros = new byte[size];
                while (stream.Length < ChaosCluster.SmallDiskBytes * 2L)
                {
                    await stream.WriteAsync(zeros);
                }
            }
            catch (IOException)
            {
                // It is full for pieces of this size.
            }
        }
    }
}
