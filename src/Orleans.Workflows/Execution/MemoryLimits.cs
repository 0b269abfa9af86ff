using System.Globalization;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Supervisor.Protocol;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Execution;

/// <summary>What the processes of one attempt may use together: as its run asks, within what its node allows.</summary>
internal static class MemoryLimits
{
    /// <summary>16 MB: below it hardly a program starts.</summary>
    public const long Least = 16L << 20;

    /// <summary>16 TB.</summary>
    public const long Most = 16L << 40;

    /// <summary>The limit of an attempt on this node; null: none.</summary>
    /// <param name="asked">What its run asks for.</param>
    /// <param name="node">The node's settings.</param>
    public static long? Of(long? asked, ExecutionOptions node)
    {
        var wanted = asked ?? node.MemoryLimit;
        return node.MaximumMemoryLimit < (wanted ?? long.MaxValue) ? node.MaximumMemoryLimit : wanted;
    }

    /// <summary>Null where the node allows what is asked for.</summary>
    /// <param name="requested">What the request itself asks for, which goes before the workflow's.</param>
    /// <param name="workflow">What its workflow, or the run that it continues, asks for.</param>
    /// <param name="node">The node's settings.</param>
    public static Failure? Check(long? requested, long? workflow, ExecutionOptions node)
    {
        if ((requested ?? workflow) is not { } asked || !(asked > node.MaximumMemoryLimit))
        {
            return null;
        }

        var most = node.MaximumMemoryLimit.Value;
        var (field, of) = requested is null ? ("memoryLimit", "the workflow's 'memoryLimit'") : ("memoryLimitBytes", "'memoryLimitBytes'");
        return Failure.Invalid(
            field,
            $"{of} is {Sizes.Text(asked)}; this node allows {Sizes.Text(most)} at most (Workflows:Execution:MaximumMemoryLimit).",
            string.Create(CultureInfo.InvariantCulture, $"Ask for {most} bytes or less, or have an operator raise the setting."));
    }

    /// <summary>Why an attempt was ended for its memory; null where it was not.</summary>
    public static string? Describe(ExitRecord? exit, long? asked, ExecutionOptions node)
    {
        if (exit is not { Cause: ExitCause.Memory, MemoryLimitBytes: { } limit })
        {
            return null;
        }

        var setting = limit == asked ? "memoryLimit" : limit == node.MemoryLimit ? "Workflows:Execution:MemoryLimit" : "Workflows:Execution:MaximumMemoryLimit";
        return $"The agent was ended, for its processes together passed {setting}, {Sizes.Text(limit)}; their peak was {Sizes.Text(exit.PeakMemoryBytes ?? limit)}.";
    }
}
