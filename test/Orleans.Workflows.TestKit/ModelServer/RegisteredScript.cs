using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>A script on a running server: where an agent finds it, and what has been asked of it.</summary>
public sealed class RegisteredScript
{
    private readonly Arrivals<ModelRequest> _all = new();
    private readonly Arrivals<ModelRequest> _turns = new();
    private readonly Arrivals<ModelRequest> _hangs = new();

    internal RegisteredScript(string name, ModelScript script, Uri baseUrl)
    {
        Name = name;
        Script = script;
        BaseUrl = baseUrl;
        Turns = new ScriptTurns(script.Steps);
    }

    public string Name { get; }

    public ModelScript Script { get; }

    /// <summary>What <c>ANTHROPIC_BASE_URL</c> is set to, without a slash at its end: <c>http://127.0.0.1:PORT/s/NAME</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Every request for a message so far, in the order of arrival, auxiliary ones among them.</summary>
    public IReadOnlyList<ModelRequest> Requests => _all.Snapshot();

    internal ScriptTurns Turns { get; }

    /// <summary>Waits for the first (1), second (2), … request that is not auxiliary, answered or not.</summary>
    /// <param name="timeout">Default <see cref="TestTimeouts.Process"/>.</param>
    public Task<ModelRequest> RequestAsync(int number, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitFor.Completion(_turns.NthAsync(number), ToString, timeout ?? TestTimeouts.Process, cancellationToken: cancellationToken);

    /// <summary>
    /// Waits until a request hangs for the first (1), second (2), … time: all that comes before the silence was sent.
    /// </summary>
    /// <param name="timeout">Default <see cref="TestTimeouts.Process"/>.</param>
    public Task<ModelRequest> HangAsync(int number = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitFor.Completion(_hangs.NthAsync(number), ToString, timeout ?? TestTimeouts.Process, cancellationToken: cancellationToken);

    /// <summary>The requests so far, a line each.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, [$"model script {Name}, {Requests.Count} requests", .. Requests.Select(r => $"  {r}")]);

    internal void Add(ModelRequest request)
    {
        _all.Add(request);
        if (!request.Auxiliary)
        {
            _turns.Add(request);
        }
    }

    internal void Hang(ModelRequest request) => _hangs.Add(request);
}
