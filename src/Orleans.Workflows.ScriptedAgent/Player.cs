using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>Plays a script's steps, then answers messages until stdin ends.</summary>
internal sealed class Player(AgentOptions options, StreamOutput output, Inbox inbox, Journal journal)
{
    private readonly List<IDisposable> _kept = [];
    private bool _ignoresTerm;
    private bool _toolRuns;

    public int Run()
    {
        _kept.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerm));
        _kept.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInt));
        Guarded(() =>
        {
            var fromFile = options.Script is { } file ? Script.Load(file) : null;
            var prompt = inbox.Take(inbox.Interrupted);
            if ((fromFile ?? (prompt is null ? null : Script.Parse(prompt) ?? Script.Default(prompt))) is { } steps)
            {
                Play(steps);
            }
        });
        while (Wait() is { } message)
        {
            Guarded(() => Answer(message));
        }

        return Exit(output.LastResultFailed ? 1 : 0);
    }

    private string? Wait()
    {
        while (true)
        {
            try
            {
                return inbox.Take(inbox.Interrupted);
            }
            catch (OperationCanceledException)
            {
                // An interrupt while idle is harmless.
                inbox.Resume();
            }
        }
    }

    private void Guarded(Action play)
    {
        try
        {
            play();
        }
        catch (OperationCanceledException)
        {
            inbox.Resume();
            Abort();
        }
        catch (TurnLimitException)
        {
            using var errors = JsonDocument.Parse($$"""{"errors":["Reached maximum number of turns ({{options.MaxTurns}})"]}""");
            output.Result(errors.RootElement, null, true, "error_max_turns", "max_turns");
        }
    }

    private void Abort()
    {
        output.User(json =>
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, "[Request interrupted by user]"u8);
        });
        output.Result(default, null, true, "error_during_execution", _toolRuns ? "aborted_tools" : "aborted_streaming");
        _toolRuns = false;
    }

    private void Answer(string message)
    {
        if (Script.Parse(message) is { } script)
        {
            Play(script);
            return;
        }

        Text("You said: " + message, default);
        output.Result(default, "You said: " + message, false, "success", "completed");
    }

    private void Play(List<JsonElement> steps)
    {
        foreach (var step in steps)
        {
            inbox.Interrupted.ThrowIfCancellationRequested();
            Play(step);
        }
    }

    private void Play(JsonElement step)
    {
        var verb = step.EnumerateObject().First().Name;
        switch (verb)
        {
            case "init": output.Init(); break;
            case "text": Text(step.Text("text") ?? "", step); break;
            case "tool": Tool(step); break;
            case "lines": Lines(step.Number("lines") ?? 1, step.Number("bytes") ?? 300); break;
            case "longLine": Text(new string('x', step.Number("longLine") ?? 0), step); break;
            case "raw": output.Raw(Encoding.UTF8.GetBytes(step.Text("raw") + "\n")); break;
            case "stderr": Console.Error.WriteLine(step.Text("stderr")); break;
            case "delayMs": Delay(step.Number("delayMs") ?? 0); break;
            case "retry": Retry(step); break;
            case "result": Result(step); break;
            case "exit": Exit(step.Number("exit") ?? 0); break;
            case "signal": Signal(step.Number("signal") ?? 15); break;
            case "hang": Hang(step.Text("hang") == "deaf"); break;
            case "child": Children.Leave(step); break;
            case "ignoreTerm": _ignoresTerm = step.Flag("ignoreTerm"); break;
            case "readStdin": ReadStdin(); break;
            case "heartbeat": Beat(step.Number("heartbeat") ?? 50); break;
            case "writeFile": File.WriteAllText(step.Text("writeFile")!, step.Text("text") ?? ""); break;
            case "repeat":
                List<JsonElement> steps = [.. step.GetProperty("steps").EnumerateArray()];
                for (var i = step.Number("repeat") ?? 1; i > 0; i--)
                {
                    Play(steps);
                }

                break;
            default:
                Console.Error.WriteLine($"scripted-agent: unknown step '{verb}'");
                Exit(2);
                break;
        }
    }

    private void ReadStdin()
    {
        if (inbox.Take(inbox.Interrupted) is { } message)
        {
            Text("You said: " + message, default);
        }
    }

    private void Text(string text, JsonElement step)
    {
        Turn();
        output.Assistant(step.Text("parent"), Usage.Of(step), json =>
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
        });
    }

    private void Tool(JsonElement step)
    {
        Turn();
        var id = output.NextId("toolu");
        output.Assistant(step.Text("parent"), Usage.Of(step), json =>
        {
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, id);
            json.WriteString("name"u8, step.Text("tool"));
            json.WritePropertyName("input"u8);
            json.WriteRawValue(step.Has("input") ? step.GetProperty("input").GetRawText() : "{}");
        });
        _toolRuns = true;
        var (answer, failed) = Work(step, id);
        _toolRuns = false;
        output.User(json =>
        {
            json.WriteString("tool_use_id"u8, id);
            json.WriteString("type"u8, "tool_result"u8);
            json.WriteString("content"u8, answer);
            json.WriteBoolean("is_error"u8, failed);
        });
    }

    private (string Answer, bool Failed) Work(JsonElement step, string id)
    {
        if (step.Flag("denied"))
        {
            output.Totals.Denied.Add(id);
            return ("This tool call was denied.", true);
        }

        if (step.Text("run") is { } command)
        {
            var (printed, code) = Children.Run(command, inbox.Interrupted);
            return (printed, code != 0);
        }

        Delay(step.Number("ms") ?? 0);
        return (step.Text("output") ?? "", step.Flag("error"));
    }

    private void Turn()
    {
        if (output.Totals.Turns >= options.MaxTurns)
        {
            throw new TurnLimitException();
        }
    }

    private void Result(JsonElement step)
    {
        var isError = step.Flag("isError");
        output.Result(step, step.Text("result"), isError, step.Text("subtype") ?? "success", isError ? "api_error" : "completed");
    }

    private void Retry(JsonElement step)
    {
        output.Init();
        output.Line(json =>
        {
            json.WriteString("type"u8, "system"u8);
            json.WriteString("subtype"u8, "api_retry"u8);
            json.WriteNumber("attempt"u8, step.Number("attempt") ?? 1);
            json.WriteNumber("max_retries"u8, step.Number("max") ?? 10);
            json.WriteNumber("retry_delay_ms"u8, step.Number("delayMs") ?? 500);
            json.WritePropertyName("error_status"u8);
            json.WriteRawValue(step.Number("status")?.ToString() ?? "null");
            json.WriteString("error"u8, step.Text("retry"));
        });
    }

    private void Lines(int count, int bytes)
    {
        output.Init();
        const string head = """{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""";
        var tail = $$$"""}},"session_id":"{{{options.Session}}}","parent_tool_use_id":null,"uuid":"00000000-0000-4000-8000-000000000000"}""" + "\n";
        var line = Encoding.UTF8.GetBytes($"{head}\"{new string('x', Math.Max(0, bytes - head.Length - tail.Length - 2))}\"{tail}");
        var perWrite = Math.Clamp(64 * 1024 / line.Length, 1, Math.Max(1, count));
        var many = new byte[perWrite * line.Length];
        for (var i = 0; i < perWrite; i++)
        {
            line.CopyTo(many, i * line.Length);
        }

        for (; count > 0; count -= perWrite)
        {
            output.Raw(many.AsSpan(0, Math.Min(count, perWrite) * line.Length));
        }
    }

    private void Delay(int milliseconds)
    {
        inbox.Interrupted.WaitHandle.WaitOne(milliseconds);
        inbox.Interrupted.ThrowIfCancellationRequested();
    }

    private void Hang(bool isDeaf)
    {
        output.Init();
        (isDeaf ? CancellationToken.None : inbox.Interrupted).WaitHandle.WaitOne(Timeout.Infinite);
        inbox.Interrupted.ThrowIfCancellationRequested();
    }

    private void Beat(int milliseconds) =>
        _kept.Add(new Timer(_ => journal.Write("beat", null), null, milliseconds, milliseconds));

    private static void Signal(int signal)
    {
        // The runtime catches what it can, so a default disposition is only to be had for SIGKILL; the others end as handled.
        _ = Native.Kill(Environment.ProcessId, signal);
        Thread.CurrentThread.Join(Timeout.Infinite);
    }

    private void OnTerm(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_ignoresTerm)
        {
            Exit(143);
        }
    }

    private void OnInt(PosixSignalContext context)
    {
        context.Cancel = true;
        Abort();
        Exit(0);
    }

    private int Exit(int code)
    {
        journal.Write("end", code);
        Native.Exit(code);
        return code;
    }

    private sealed class TurnLimitException : Exception;
}
