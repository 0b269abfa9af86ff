using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>Fields of a step, or null where it does not have them.</summary>
internal static class StepExtensions
{
    public static string? Text(this JsonElement step, string name) =>
        Find(step, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static int? Number(this JsonElement step, string name) =>
        Find(step, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static decimal? Money(this JsonElement step, string name) =>
        Find(step, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    public static bool Flag(this JsonElement step, string name) => Find(step, name) is { ValueKind: JsonValueKind.True };

    public static bool Has(this JsonElement step, string name) => Find(step, name) is not null;

    private static JsonElement? Find(JsonElement step, string name) =>
        step.ValueKind == JsonValueKind.Object && step.TryGetProperty(name, out var value) ? value : null;
}
