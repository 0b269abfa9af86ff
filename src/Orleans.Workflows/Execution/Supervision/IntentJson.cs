using System.Text.Json.Serialization;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>The shape of the intent, which only silos write and read. Unknown fields are skipped: the writer may be newer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IntentRecord))]
internal sealed partial class IntentJson : JsonSerializerContext;
