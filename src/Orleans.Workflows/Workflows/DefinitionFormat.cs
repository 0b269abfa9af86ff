using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// The stored form of a definition. Nulls and empty collections are left out, so that a property added later leaves the
/// hash of every older definition as it was.
/// </summary>
internal static class DefinitionFormat
{
    private const int Version = 1;
    private const string VersionMember = "format";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutEmptyCollections } },
    };

    public static string Write(WorkflowDefinition definition)
    {
        var json = JsonSerializer.SerializeToNode(definition, Options)!.AsObject();
        json[VersionMember] = Version;
        return Sorted(json)!.ToJsonString(Options);
    }

    public static WorkflowDefinition Read(string json)
    {
        if (JsonNode.Parse(json) is not JsonObject parsed)
        {
            throw new JsonException("A workflow definition is a JSON object.");
        }
        if (parsed[VersionMember] is JsonValue value && value.TryGetValue<int>(out var version) && version > Version)
        {
            throw new JsonException($"The workflow definition has format {version}; this program knows {Version}. Upgrade it.");
        }
        return parsed.Deserialize<WorkflowDefinition>(Options)!;
    }

    public static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static void LeaveOutEmptyCollections(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable))))
        {
            property.ShouldSerialize = static (_, value) => value is not IEnumerable items || items.GetEnumerator().MoveNext();
        }
    }
}
