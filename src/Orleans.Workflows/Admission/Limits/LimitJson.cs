using System.Text.Json.Serialization;

namespace Orleans.Workflows.Admission.Limits;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LimitSpec))]
internal sealed partial class LimitJson : JsonSerializerContext;
