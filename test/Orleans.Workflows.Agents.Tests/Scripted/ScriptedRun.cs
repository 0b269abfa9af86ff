using System.Diagnostics;
using System.Text.Json;
using Orleans.Workflows.Agents.Framing;

namespace Orleans.Workflows.Agents.Tests.Scripted;

/// <summary>One run of the real staged program, from launch plan to outcome.</summary>
internal sealed class ScriptedRun : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _directory = Directory.CreateTempSubdirectory("scripted-").FullName;
    private readonly Process _process;
    private readonly IAgentAdapter _adapter = AgentCatalog.Shipped().Find("scripted")!;
    private readonly LineFramer _framer = new(16 * 1024 * 1024);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _read;
    private int _taken;

    public ScriptedRun(string prompt, string? script = null, int? maxTurns = null)
    {
        Parser = _adapter.CreateParser(AgentBaseline.None, []);
        var plan = _adapter.BuildLaunch(new AgentLaunch
        {
            AttemptKey = "run/1",
            PromptId = Guid.NewGuid(),
            Prompt = prompt,
            MaxTurns = maxTurns,
            SessionId = Guid.NewGuid(),
            AgentHome = _directory,
            WorkingDirectory = _directory,
            Environment = new Dictionary<string, string> { ["SCRIPTED_AGENT_JOURNAL"] = JournalPath },
            Options = script is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["script"] = script },
        });
        Assert.Null(plan.Failure);
        foreach (var (path, text) in plan.Files)
        {
            File.WriteAllText(path, text);
        }

        var start = new ProcessStartInfo(plan.Program, plan.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory };
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        Send(plan.Input);
    }

    public IAgentParser Parser { get; }

    public AgentEventBatch Batch { get; } = new();

    public int ProcessId => _process.Id;

    private string JournalPath => Path.Join(_directory, "journal");

    public IReadOnlyList<JsonElement> Journal => [.. File.ReadAllLines(JournalPath).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    public string FilePath(string name) => Path.Join(_directory, name);

    public void Send(byte[] bytes)
    {
        _process.StandardInput.BaseStream.Write(bytes);
        _process.StandardInput.BaseStream.Flush();
    }

    public void Message(string text) => Send(_adapter.EncodeMessage(Guid.NewGuid(), text)!);

    public void Interrupt() => Send(_adapter.EncodeInterrupt(Guid.NewGuid())!);

    public void Signal(int number) => Process.Start("/bin/kill", [$"-{number}", $"{_process.Id}"]).WaitForExit();

    /// <summary>Reads on until the progress is as wanted.</summary>
    public void Until(Func<AgentProgress, bool> wanted)
    {
        while (!wanted(Parser.Progress))
        {
            Assert.True(Next(), "the stream ended before: " + JsonSerializer.Serialize(Parser.Progress));
        }
    }

    /// <summary>Closes stdin, reads to the end, and judges.</summary>
    public Outcome Finish(bool stopRequested = false)
    {
        _process.StandardInput.Close();
        while (Next())
        {
        }

        Assert.True(_process.WaitForExit(Limit));
        return _adapter.Classify(new AttemptEvidence { Parser = Parser, ExitCode = _process.ExitCode, StopRequested = stopRequested, StderrTail = _process.StandardError.ReadToEnd(), At = DateTimeOffset.UnixEpoch });
    }

    public int ExitCode => _process.ExitCode;

    private bool Next()
    {
        while (true)
        {
            ReadOnlySpan<byte> unread = _buffer.AsSpan(_taken, _read - _taken);
            var found = _framer.TryRead(ref unread, out var line);
            _taken = _read - unread.Length;
            if (found)
            {
                Parser.Parse(line.Bytes, Batch);
                return true;
            }

            using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
            _read = _process.StandardOutput.BaseStream.ReadAsync(_buffer, limit.Token).AsTask().GetAwaiter().GetResult();
            _taken = 0;
            if (_read == 0)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
