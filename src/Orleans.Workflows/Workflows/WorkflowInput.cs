using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workflows;

/// <summary>Reads a run's input strictly: one JSON object, bounded in size and depth, no doubled names, no U+0000.</summary>
public static class WorkflowInput
{
    /// <summary>UTF-8 bytes of an input.</summary>
    public const int SizeLimit = 1024 * 1024;

    /// <summary>Levels of nesting.</summary>
    public const int DepthLimit = 32;

    internal static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads <paramref name="json"/> (null: no input) without a schema.</summary>
    public static InputResult Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new InputResult { Value = [] };
        }
        if (Encoding.UTF8.GetByteCount(json) > SizeLimit)
        {
            return InputResult.Refused(new Failure { Kind = FailureKind.TooLarge, Code = "too_large", Field = "input", Message = $"The input is larger than {SizeLimit / 1024} KB.", Remedy = "Put large content into a file of the workspace and pass its path." });
        }
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = DepthLimit, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            return InputResult.Refused(Failure.Invalid("input", $"The input is not valid JSON: {e.Message}", $"Send one JSON object of at most {DepthLimit} levels without repeated names."));
        }
        if (node is not JsonObject value)
        {
            return InputResult.Refused(Failure.Invalid("input", "The input is not a JSON object.", "Send an object whose members are the workflow's inputs."));
        }
        return FindZero(value, "input") is { } path
            ? InputResult.Refused(Failure.Invalid(path, $"{path} holds the character U+0000.", "Remove it: neither programs nor databases can carry it in text."))
            : new InputResult { Value = value };
    }

    private static string? FindZero(JsonNode? node, string path) => node switch
    {
        JsonObject map => map.Select(pair => HasZero(pair.Key) ? path : FindZero(pair.Value, $"{path}.{pair.Key}")).FirstOrDefault(found => found is not null),
        JsonArray list => list.Select((item, index) => FindZero(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && HasZero(value.GetValue<string>()) => path,
        _ => null,
    };

    private static bool HasZero(string text) => text.Contains('\0', StringComparison.Ordinal);
}
