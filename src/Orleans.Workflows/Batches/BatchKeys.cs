using System.Security.Cryptography;
using System.Text;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>The names under which a batch asks, the same for every repeat of the same thing.</summary>
internal static class BatchKeys
{
    /// <summary>What ties each run's audit to the batch.</summary>
    public static string CorrelationOf(Guid batch) => $"batch:{batch}";

    /// <summary>The id of its command to one run.</summary>
    public static Guid CommandOf(Guid batch, RunId run) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"batch\n{batch}\n{run}")).AsSpan(0, 16));

    /// <summary>The idempotency key of the run that it starts again.</summary>
    public static string KeyOf(Guid batch, RunId run) => $"batch:{batch}:{run}";
}
