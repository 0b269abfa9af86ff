using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>What tests need most often of the limits.</summary>
public static class QueueLimitExtensions
{
    public static async Task SetLimitAsync(this IAdmissionGrain admission, string queue, int? limit)
    {
        var result = await admission.PutLimitAsync(new() { Name = QueueLimits.NameOf(queue), Spec = QueueLimits.Of(queue, limit), Caller = "test", CorrelationId = "test" });
        if (result.Failure is { } failure)
        {
            throw new InvalidOperationException(failure.Message);
        }
    }
}
