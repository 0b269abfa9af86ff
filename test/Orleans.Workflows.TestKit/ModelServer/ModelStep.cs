namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>One thing that the scripted model does with a request.</summary>
public abstract record ModelStep
{
    private protected ModelStep()
    {
    }

    /// <summary>Waited before the first byte. Default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Answers with text.</summary>
    public static ModelReply Says(string text) => new() { Text = text };

    /// <summary>Asks for one tool call. Several: <c>new ModelReply { ToolCalls = […] }</c>.</summary>
    public static ModelReply Calls(string tool, object input) => new() { ToolCalls = [new ModelToolCall(tool, input)] };

    /// <summary>Answers with an HTTP error, <paramref name="times"/> times or (null) for ever.</summary>
    public static ModelError Fails(int status, string type, string message = "scripted error", int? times = null) =>
        new(status, type, message) { Times = times };

    /// <summary>Takes the request and answers nothing, not even headers.</summary>
    public static ModelHang Hangs(int? times = null) => new(ModelHangPoint.BeforeHeaders) { Times = times };

    /// <summary>Begins the reply's stream and then sends nothing more.</summary>
    public static ModelHang HangsAfterStart(int? times = null) => new(ModelHangPoint.AfterStart) { Times = times };

    /// <summary>Begins a text and cuts the connection inside it.</summary>
    public static ModelCut CutsAfter(string partial, int? times = null) => new(partial) { Times = times };

    /// <summary>Answers 200 and then sends an error event in the stream.</summary>
    public static ModelStreamError FailsInStream(string type, string message = "scripted stream error", int? times = null) =>
        new(type, message) { Times = times };
}

/// <summary>An answer; ends a turn. Its blocks are sent in the order of the members: thinking, text, tool calls.</summary>
public sealed record ModelReply : ModelStep
{
    public string? Thinking { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<ModelToolCall> ToolCalls { get; init; } = [];

    public ModelUsage Usage { get; init; } = new();

    /// <summary>Default <c>tool_use</c> with tool calls, else <c>end_turn</c>.</summary>
    public string? StopReason { get; init; }

    /// <summary>Default the model that the request names.</summary>
    public string? Model { get; init; }

    /// <summary>Waited after each delta of a stream: a word of text, 40 characters of a tool's input. Default none.</summary>
    public TimeSpan BetweenDeltas { get; init; }
}

/// <summary>Anything but an answer. The turn goes on with the step behind it when it has happened often enough.</summary>
public abstract record ModelInterruption : ModelStep
{
    /// <summary>How many requests of the script it meets, whoever sends them; null: every one that comes to it.</summary>
    public int? Times { get; init; }
}

/// <summary>An HTTP error with the body that the real API sends.</summary>
public sealed record ModelError(int Status, string Type, string Message) : ModelInterruption
{
    /// <summary>Further headers, such as <c>retry-after</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>Silence until the client goes away or the server is disposed.</summary>
public sealed record ModelHang(ModelHangPoint Point) : ModelInterruption;

/// <summary>Where a <see cref="ModelHang"/> falls silent. A request without streaming never sees a start.</summary>
public enum ModelHangPoint
{
    BeforeHeaders = 0,
    AfterStart = 1,
}

/// <summary>The connection is reset inside a text block; without streaming, before any byte.</summary>
public sealed record ModelCut(string Partial) : ModelInterruption;

/// <summary>An <c>error</c> event after <c>message_start</c>; without streaming, status 529.</summary>
public sealed record ModelStreamError(string Type, string Message) : ModelInterruption;
