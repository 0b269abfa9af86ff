namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// Which process, told apart from every other that ever had its number: the kernel's start time (clock ticks since boot,
/// field 22 of <c>/proc/pid/stat</c>) and the boot.
/// </summary>
internal sealed record ProcessRecord
{
    public required int Pid { get; init; }

    public required long StartTime { get; init; }

    public required string BootId { get; init; }
}
