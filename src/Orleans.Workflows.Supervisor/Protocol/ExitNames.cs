using System.Text;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>The words that an <see cref="ExitRecord"/> has for its values.</summary>
internal static class ExitNames
{
    internal static ReadOnlySpan<byte> Utf8(ExitCause cause) => cause switch
    {
        ExitCause.Exited => "exited"u8,
        ExitCause.Terminated => "terminated"u8,
        ExitCause.Lease => "lease"u8,
        ExitCause.Signal => "signal"u8,
        ExitCause.Voided => "voided"u8,
        ExitCause.LaunchFailed => "launch_failed"u8,
        ExitCause.Memory => "memory"u8,
        _ => throw Unnamed((int)cause),
    };

    internal static ReadOnlySpan<byte> Utf8(EndStep step) => step switch
    {
        EndStep.None => "none"u8,
        EndStep.Interrupt => "interrupt"u8,
        EndStep.Stdin => "stdin"u8,
        EndStep.Term => "term"u8,
        EndStep.Kill => "kill"u8,
        _ => throw Unnamed((int)step),
    };

    internal static ReadOnlySpan<byte> Utf8(LaunchStage stage) => stage switch
    {
        LaunchStage.Directory => "directory"u8,
        LaunchStage.Spawn => "spawn"u8,
        LaunchStage.Execute => "execute"u8,
        _ => throw Unnamed((int)stage),
    };

    internal static string Of(ExitCause cause) => Encoding.ASCII.GetString(Utf8(cause));

    internal static string Of(EndStep step) => Encoding.ASCII.GetString(Utf8(step));

    internal static string Of(LaunchStage stage) => Encoding.ASCII.GetString(Utf8(stage));

    private static ArgumentOutOfRangeException Unnamed(int value) => new(nameof(value), value, "A value without a name.");
}
