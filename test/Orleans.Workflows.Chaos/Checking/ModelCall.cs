namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A request that the scripted model answered, or began to; by the model's own record.</summary>
/// <param name="Run">The run whose prompt is in it.</param>
/// <param name="MessageId">Of the answer.</param>
/// <param name="Usage">What the answer says that it took.</param>
internal sealed record ModelCall(Guid Run, string MessageId, Numbers Usage)
{
    /// <summary>What the model says last, and so every run's result.</summary>
    public const string LastText = "all of it is done";
}
