using System.Text.Json.Serialization;

namespace Orleans.Workflows.Runs;

/// <summary>The stored JSON shapes of runs. Fields may be added; a stored sample of every released shape must load.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RunSpec))]
[JsonSerializable(typeof(RunDetails))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(Execution.AttemptDetails))]
internal sealed partial class RunJson : JsonSerializerContext;
