using System.Text.Json.Serialization;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>The stored JSON shapes of schedules. Fields may be added.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScheduleSpec))]
[JsonSerializable(typeof(DueStart[]))]
[JsonSerializable(typeof(RunId[]))]
[JsonSerializable(typeof(ScheduleAction[]))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
