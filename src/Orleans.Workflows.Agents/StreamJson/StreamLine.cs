namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>The parts of a line that many types share, found in one pass: <c>type</c> may stand anywhere, also last.</summary>
internal ref struct StreamLine
{
    public ReadOnlySpan<byte> Json;
    public ReadOnlySpan<byte> Type;
    public ReadOnlySpan<byte> Subtype;
    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> Event;
    public ReadOnlySpan<byte> Request;
    public ReadOnlySpan<byte> SessionId;
    public ReadOnlySpan<byte> Parent;
    public ReadOnlySpan<byte> Uuid;
    public ReadOnlySpan<byte> MessageId;
    public bool IsReplay;
    public bool IsApiError;

    /// <summary>Throws <see cref="System.Text.Json.JsonException"/> on what is not one whole JSON object.</summary>
    public static StreamLine Read(ReadOnlySpan<byte> json)
    {
        var line = new StreamLine { Json = json };
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("type"u8))
            {
                line.Type = properties.Plain;
            }
            else if (properties.Is("event"u8))
            {
                line.Event = properties.Raw;
            }
            else if (properties.Is("message"u8))
            {
                line.Message = properties.Raw;
            }
            else if (properties.Is("session_id"u8))
            {
                line.SessionId = properties.Plain;
            }
            else if (properties.Is("parent_tool_use_id"u8))
            {
                line.Parent = properties.Plain;
            }
            else if (properties.Is("uuid"u8))
            {
                line.Uuid = properties.Plain;
            }
            else if (properties.Is("subtype"u8))
            {
                line.Subtype = properties.Plain;
            }
            else if (properties.Is("api_message_id"u8))
            {
                line.MessageId = properties.Plain;
            }
            else if (properties.Is("request"u8))
            {
                line.Request = properties.Raw;
            }
            else if (properties.Is("isReplay"u8))
            {
                line.IsReplay = JsonText.IsTrue(properties.Reader);
            }
            else if (properties.Is("is_api_error_message"u8))
            {
                line.IsApiError = JsonText.IsTrue(properties.Reader);
            }
        }

        return line;
    }
}
