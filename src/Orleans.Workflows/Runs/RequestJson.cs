using System.Text.Json.Serialization;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Runs;

/// <summary>Requests as JSON: strict, so that a misspelt field is refused and not ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    Converters = [typeof(OffsetTimeConverter), typeof(EnumNameConverter<RunStatus>), typeof(EnumNameConverter<BatchOperation>), typeof(EnumNameConverter<OverlapPolicy>), typeof(EnumNameConverter<LockMode>)])]
[JsonSerializable(typeof(StartRunRequest))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(ContinueRunRequest))]
[JsonSerializable(typeof(BatchRequest))]
public sealed partial class RequestJson : JsonSerializerContext;
