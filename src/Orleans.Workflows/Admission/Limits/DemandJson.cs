using System.Text.Json.Serialization;

namespace Orleans.Workflows.Admission.Limits;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Demand))]
internal sealed partial class DemandJson : JsonSerializerContext;
