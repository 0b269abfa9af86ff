using System.Text.Json.Serialization;

namespace Orleans.Workflows.Admission.Holds;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredHold))]
internal sealed partial class HoldJson : JsonSerializerContext;
