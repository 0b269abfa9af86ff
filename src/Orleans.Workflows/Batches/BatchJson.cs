using System.Text.Json.Serialization;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>The stored JSON shapes of batches. Fields may be added.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunFilter))]
[JsonSerializable(typeof(Guid[]))]
[JsonSerializable(typeof(BatchFailure[]))]
internal sealed partial class BatchJson : JsonSerializerContext;
