using System.Collections.Concurrent;
using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>
/// Reads stdin on a thread of its own: user messages wait in line, an interrupt is answered at once and ends what is going on.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private readonly BlockingCollection<(string Id, string Text)> _messages = [];
    private readonly StreamOutput _output;
    private CancellationTokenSource _interrupt = new();

    public Inbox(StreamOutput output)
    {
        _output = output;
        new Thread(Read) { IsBackground = true }.Start();
    }

    /// <summary>Canceled by an interrupt, until <see cref="Resume"/>.</summary>
    public CancellationToken Interrupted => _interrupt.Token;

    public void Interrupt() => _interrupt.Cancel();

    public void Resume() => _interrupt = new CancellationTokenSource();

    /// <summary>The next message's text, or null when stdin has ended. Throws when interrupted.</summary>
    public string? Take(CancellationToken cancellation)
    {
        if (!_messages.TryTake(out var message, Timeout.Infinite, cancellation))
        {
            return null;
        }

        _output.Line(json =>
        {
            json.WriteString("type"u8, "user"u8);
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "user"u8);
            json.WriteString("content"u8, message.Text);
            json.WriteEndObject();
            json.WriteBoolean("isReplay"u8, true);
        }, message.Id);
        return message.Text;
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _messages.Dispose();
    }

    private void Read()
    {
        using var reader = new StreamReader(Console.OpenStandardInput());
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                OnLine(line);
            }
        }

        _messages.CompleteAdding();
    }

    private void OnLine(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.Text("type") == "user" && root.TryGetProperty("message", out var message))
        {
            _messages.Add((root.Text("uuid") ?? Guid.NewGuid().ToString(), message.Text("content") ?? ""));
        }
        else if (root.Text("type") == "control_request")
        {
            var id = root.Text("request_id") ?? "";
            _output.Line(json =>
            {
                json.WriteString("type"u8, "control_response"u8);
                json.WriteStartObject("response"u8);
                json.WriteString("subtype"u8, "success"u8);
                json.WriteString("request_id"u8, id);
                json.WriteEndObject();
            });
            Interrupt();
        }
    }
}
