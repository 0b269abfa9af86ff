using System.Text.Json;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>A recorded request for a message: what tests ask of it, not the whole body.</summary>
public sealed record ModelRequest
{
    private readonly TaskCompletionSource<ModelRequestEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Path and query as sent.</summary>
    public required string Path { get; init; }

    /// <summary>By lower-case name; several values are joined with commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The model that the agent asked for.</summary>
    public string? Model { get; init; }

    public bool Stream { get; init; }

    public int? MaxTokens { get; init; }

    /// <summary>The conversation as sent: an array of <c>{ role, content }</c>.</summary>
    public JsonElement Messages { get; init; }

    /// <summary>The system prompt as sent: a text, or an array of text blocks.</summary>
    public JsonElement System { get; init; }

    /// <summary>How many of <see cref="Messages"/> are the assistant's.</summary>
    public int AssistantMessages { get; init; }

    /// <summary>The names of the tools on offer.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>Whether it is a side call, such as for a title, that the script's steps don't answer.</summary>
    public bool Auxiliary { get; init; }

    /// <summary>The step that answers it.</summary>
    public required ModelStep Step { get; init; }

    /// <summary>The id of the message that answers it, if one does.</summary>
    public required string MessageId { get; init; }

    /// <summary>How it ended, or null while it is open.</summary>
    public ModelRequestEnd? Ended => _end.Task.IsCompletedSuccessfully ? _end.Task.Result : null;

    /// <summary>Waits for its end, at most <see cref="TestTimeouts.Default"/>.</summary>
    public Task<ModelRequestEnd> EndAsync(CancellationToken cancellationToken = default) =>
        WaitFor.Completion(_end.Task, ToString, cancellationToken: cancellationToken);

    public override string ToString() =>
        $"{Path}: turn {AssistantMessages}{(Auxiliary ? ", auxiliary" : "")}{(Stream ? "" : ", no stream")}, "
        + $"{Step.GetType().Name}, {Ended?.ToString() ?? "open"}";

    internal void End(ModelRequestEnd end) => _end.TrySetResult(end);
}
