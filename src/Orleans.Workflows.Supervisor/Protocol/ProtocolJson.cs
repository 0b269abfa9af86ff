using System.Text.Json.Serialization;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>The JSON shapes of the attempt's files and of the launch. Unknown fields are skipped, so that either side may be newer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IntentRecord))]
[JsonSerializable(typeof(ProcessRecord))]
[JsonSerializable(typeof(LaunchSpec))]
[JsonSerializable(typeof(ExitRecord))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
