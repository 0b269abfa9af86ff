using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>One entry of a run's history as a line. Types that it does not know are shown with their fields.</summary>
internal static class EventLine
{
    private const int TextLimit = 400;
    private static readonly HashSet<string> Shown = ["seq", "at", "type", "attempt", "text", "name", "status", "reason", "input", "output", "id", "messageId", "parentToolUseId", "run", "runId"];

    public static string Render(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return PlainText.Line(item.ToString(), TextLimit);
        }

        var line = new StringBuilder(Moment(item)).Append(Field(item, "type") ?? "event");
        foreach (var name in (ReadOnlySpan<string>)["name", "status", "reason", "text", "input", "output"])
        {
            if (Field(item, name) is { Length: > 0 } value)
            {
                line.Append("  ").Append(value);
            }
        }

        foreach (var field in item.EnumerateObject().Where(field => !Shown.Contains(field.Name)))
        {
            if (Field(item, field.Name) is { Length: > 0 } value)
            {
                line.Append("  ").Append(PlainText.Line(field.Name)).Append('=').Append(value);
            }
        }

        return line.ToString();
    }

    private static string Moment(JsonElement item) =>
        item.TryGetProperty("at", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var moment)
            ? moment.ToUniversalTime().ToString("HH:mm:ss.fff  ", CultureInfo.InvariantCulture)
            : "";

    private static string? Field(JsonElement item, string name) => !item.TryGetProperty(name, out var value)
        ? null
        : value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => null,
            JsonValueKind.String => PlainText.Line(value.GetString(), TextLimit),
            _ => PlainText.Line(value.GetRawText(), TextLimit),
        };
}
