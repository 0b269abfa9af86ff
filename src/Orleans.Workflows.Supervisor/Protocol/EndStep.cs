using System.Text.Json.Serialization;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>The step of the ladder during which the agent ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndStep>))]
internal enum EndStep
{
    [JsonStringEnumMemberName("none")] None = 0,
    [JsonStringEnumMemberName("interrupt")] Interrupt = 1,
    [JsonStringEnumMemberName("stdin")] Stdin = 2,
    [JsonStringEnumMemberName("term")] Term = 3,
    [JsonStringEnumMemberName("kill")] Kill = 4,
}
