using System.Diagnostics;
using System.Text;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>
/// The agents' own record of when they ran, by which limits are judged: one JSON line an event in the file that
/// <c>SCRIPTED_AGENT_JOURNAL</c> names, each written by one <c>write</c> with O_APPEND, so that many agents share the file.
/// <code>{"event":"start","run":"…","pid":42,"unixMs":1790000000000,"bootMs":123456.789,"code":null}</code>
/// Events: <c>start</c>, <c>end</c> (with the exit code; missing after SIGKILL), <c>beat</c>.
/// </summary>
internal sealed class Journal
{
    private readonly string _run = Environment.GetEnvironmentVariable("ORLEANS_WORKFLOWS_RUN") ?? "";
    private readonly int _file;

    private Journal(int file) => _file = file;

    public static Journal Open()
    {
        var path = Environment.GetEnvironmentVariable("SCRIPTED_AGENT_JOURNAL");
        return new Journal(string.IsNullOrEmpty(path) ? -1 : Native.Open(path, Native.WriteOnly | Native.Create | Native.Append | Native.CloseOnExec, 0b110_100_100));
    }

    public void Write(string name, int? code)
    {
        if (_file < 0)
        {
            return;
        }

        var boot = Stopwatch.GetElapsedTime(0).TotalMilliseconds;
        var unix = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var run = _run.Replace("\\", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        var line = $$"""{"event":"{{name}}","run":"{{run}}","pid":{{Environment.ProcessId}},"unixMs":{{unix}},"bootMs":{{boot:F3}},"code":{{code?.ToString() ?? "null"}}}""" + "\n";
        var bytes = Encoding.UTF8.GetBytes(line);
        _ = Native.Write(_file, bytes, bytes.Length);
    }
}
