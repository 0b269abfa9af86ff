namespace Orleans.Workflows.Admission.Limits;

/// <summary>A queue's own limit is a limit like any other, by a name that is known.</summary>
public static class QueueLimits
{
    public static string NameOf(string queue) => $"queue-{queue}";

    public static LimitSpec Of(string queue, int? limit) => new() { Dimension = LimitDimension.Queue, Measure = LimitMeasure.Concurrency, Key = queue, Value = limit };
}
