using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>
/// A script: a JSON document <c>{"steps":[…]}</c> or JSON lines with a step each. A step is an object with one of these verbs:
/// <code>
/// {"init":true}                                    the init line (printed by itself before the first message otherwise)
/// {"text":"…"}                                     a model message: one turn
/// {"tool":"Bash","input":{…},"run":"echo hi","output":"…","ms":50,"denied":true,"error":true}
///                                                  a model message with a tool call: one turn; run is a real shell command and its
///                                                  output the tool's, else output after ms milliseconds; denied: not run
///     both: "usage":{"input":100,"output":20,"cacheRead":0,"cacheCreation":0}, "costUsd":0.0008, "parent":"toolu_…" (a sub-agent's)
/// {"lines":1000,"bytes":300}                       stream_event lines of about that many bytes
/// {"longLine":2000000}                             one line with a text of that many bytes
/// {"raw":"…"}                                      a line as it is
/// {"stderr":"…"}                                   a line on stderr
/// {"delayMs":50}                                   waits
/// {"retry":"rate_limit","status":429,"delayMs":500,"attempt":1,"max":3}   the model's service failed
/// {"result":"done","isError":false,"subtype":"success","terminalReason":"completed","stopReason":"end_turn","errors":["…"],
///  "apiErrorStatus":529,"apiErrorType":"overloaded_error","apiError":"…","denials":1,"numTurns":2,"costUsd":0.1,"structuredOutput":{…}}
///                                                  the result line; totals are what the steps before used
/// {"exit":3}                                       ends now with that code; {"signal":9} ends now by that signal
/// {"hang":true}                                    waits for ever; an interrupt ends it; {"hang":"deaf"}: nothing but a signal does
/// {"child":600,"setsid":true,"daemon":true,"holdOutput":true}   leaves a process sleeping that many seconds: in a session of its own;
///                                                  with a parent that is gone; holding our stdout
/// {"ignoreTerm":true}                              SIGTERM is ignored from here on
/// {"readStdin":true}                               waits for the next message on stdin (the prompt is the first) and answers it
/// {"heartbeat":50}                                 a "beat" line in the journal every so many milliseconds from here on
/// {"writeFile":"out.txt","text":"…"}               writes a file
/// {"repeat":10,"steps":[…]}                        plays steps that often
/// </code>
/// After the last step the agent waits for messages, answers each with a turn and a result, and exits at the end of stdin: with
/// 1 if its last result was an error, else 0. A script without a result step ends without a result.
/// </summary>
internal static class Script
{
    /// <summary>The steps, or null when the text is no script.</summary>
    public static List<JsonElement>? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("steps", out var steps)
                ? [.. steps.Clone().EnumerateArray()]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static List<JsonElement> Load(string path)
    {
        var text = File.ReadAllText(path, Encoding.UTF8);
        return Parse(text) ?? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => Step(line))];
    }

    /// <summary>What the demo shows: some turns of work on whatever was asked, two thirds of a second long.</summary>
    public static List<JsonElement> Default(string prompt)
    {
        var words = prompt.Length > 80 ? prompt[..80] + "…" : prompt;
        var quoted = JsonEncodedText.Encode(words).ToString();
        return
        [
            Step($$"""{"text":"I will look at the task: {{quoted}}","usage":{"input":420,"output":38,"cacheCreation":1200},"costUsd":0.0041}"""),
            Step("""{"delayMs":120}"""),
            Step("""{"tool":"Read","input":{"path":"README.md"},"output":"(read)","ms":60,"usage":{"input":35,"output":24,"cacheRead":1200},"costUsd":0.0011}"""),
            Step("""{"delayMs":120}"""),
            Step("""{"tool":"Edit","input":{"path":"README.md"},"output":"(edited)","ms":60,"usage":{"input":61,"output":142,"cacheRead":1280},"costUsd":0.0032}"""),
            Step("""{"delayMs":120}"""),
            Step("""{"tool":"Bash","input":{"command":"echo tests pass"},"run":"echo tests pass","usage":{"input":48,"output":31,"cacheRead":1460},"costUsd":0.0014}"""),
            Step("""{"delayMs":120}"""),
            Step("""{"text":"Done: the change is made and the tests pass.","usage":{"input":40,"output":19,"cacheRead":1540},"costUsd":0.0010}"""),
            Step("""{"result":"Done: the change is made and the tests pass."}"""),
        ];
    }

    private static JsonElement Step(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
