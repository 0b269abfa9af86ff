using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// Writes an enum of ints by name. The library's own converter reads the names by reflection, which costs a supervisor more
/// than all its other JSON.
/// </summary>
internal abstract class NamedConverter<T>(params (T Value, string Name)[] names) : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        foreach (var (value, name) in names)
        {
            if (reader.ValueTextEquals(name))
                return value;
        }

        throw new JsonException($"Unknown name: {reader.GetString()}.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        foreach (var (known, name) in names)
        {
            if (Unsafe.BitCast<T, int>(known) == Unsafe.BitCast<T, int>(value))
            {
                writer.WriteStringValue(name);
                return;
            }
        }

        throw new JsonException($"Unnamed value: {Unsafe.BitCast<T, int>(value)}.");
    }
}

/// <inheritdoc/>
internal sealed class ExitCauseConverter() : NamedConverter<ExitCause>(
    (ExitCause.Exited, "exited"),
    (ExitCause.Terminated, "terminated"),
    (ExitCause.Lease, "lease"),
    (ExitCause.Signal, "signal"),
    (ExitCause.Voided, "voided"),
    (ExitCause.LaunchFailed, "launch_failed"));

/// <inheritdoc/>
internal sealed class EndStepConverter() : NamedConverter<EndStep>(
    (EndStep.None, "none"),
    (EndStep.Interrupt, "interrupt"),
    (EndStep.Stdin, "stdin"),
    (EndStep.Term, "term"),
    (EndStep.Kill, "kill"));

/// <inheritdoc/>
internal sealed class LaunchStageConverter() : NamedConverter<LaunchStage>(
    (LaunchStage.Directory, "directory"),
    (LaunchStage.Spawn, "spawn"),
    (LaunchStage.Execute, "execute"));
