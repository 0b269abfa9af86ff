using System.Text.Json;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Finds text that JSON can spell by escapes and nothing else can carry: U+0000 and halves of surrogate pairs.</summary>
internal static class EscapedText
{
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static Failure? Check(ReadOnlySpan<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8.ToArray());
        return Check(document.RootElement, "");
    }

    private static Failure? Check(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    string name;
                    try
                    {
                        name = member.Name;
                    }
                    catch (InvalidOperationException)
                    {
                        return Broken(path);
                    }

                    var inner = path.Length == 0 ? name : $"{path}.{name}";
                    if ((name.Contains('\0', StringComparison.Ordinal) ? Zero(path) : Check(member.Value, inner)) is { } failure)
                    {
                        return failure;
                    }
                }

                return null;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (Check(item, $"{path}[{index++}]") is { } failure)
                    {
                        return failure;
                    }
                }

                return null;
            case JsonValueKind.String:
                try
                {
                    return element.GetString()!.Contains('\0', StringComparison.Ordinal) ? Zero(path) : null;
                }
                catch (InvalidOperationException)
                {
                    return Broken(path);
                }

            default:
                return null;
        }
    }

    private static Failure Zero(string path) => BodyFaults.Invalid(
        Name(path), "invalid", $"'{Name(path)}' contains the character U+0000.", "Remove it: databases and processes can't carry it.");

    private static Failure Broken(string path) => BodyFaults.Invalid(
        Name(path), "invalid", $"'{Name(path)}' contains half of a surrogate pair.", "Escape characters beyond U+FFFF as two \\u sequences, or send them as UTF-8.");

    private static string Name(string path) => path.Length == 0 ? "body" : path;
}
