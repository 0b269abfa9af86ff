namespace Orleans.Workflows.Execution;

/// <summary>Where a reader takes the spools for over, whatever the files hold beyond.</summary>
internal readonly record struct SpoolBound(long Stdout, long Stderr)
{
    public static SpoolBound None { get; } = new(long.MaxValue, long.MaxValue);
}
