using System.Text;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>Awaits what a supervisor tells of one attempt, and says what it told when that doesn't come.</summary>
internal sealed class AttemptProbe(SupervisorConnection connection) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<SupervisorSignal> _seen = [];

    internal SupervisorConnection Connection => connection;

    internal AttemptDirectory Files => connection.Directory;

    internal IReadOnlyList<SupervisorSignal> Seen => _seen;

    internal byte[] Stdout => Spool(Files.StdoutPath);

    internal string StdoutText => Encoding.UTF8.GetString(Stdout);

    internal string StderrText => Encoding.UTF8.GetString(Spool(Files.StderrPath));

    /// <summary>The next signal of this kind, also if it came while another was awaited.</summary>
    internal async Task<T> NextAsync<T>(Func<T, bool>? wanted = null)
        where T : SupervisorSignal
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        for (var index = 0; ; index++)
        {
            if (index == _seen.Count && !await ReadAsync(patience.Token))
                throw new InvalidOperationException($"The signals ended without {typeof(T).Name}: {string.Join("; ", _seen)}. {Log()}");
            if (_seen[index] is T signal && (wanted is null || wanted(signal)))
                return signal;
        }
    }

    internal async Task<ExitRecord> EndAsync() => (await NextAsync<SupervisorSignal.Exited>()).Record;

    /// <summary>Waits until the agent's standard output holds a text.</summary>
    internal async Task<string> OutputAsync(string text)
    {
        if (!StdoutText.Contains(text, StringComparison.Ordinal))
            await NextAsync<SupervisorSignal.Grew>(_ => StdoutText.Contains(text, StringComparison.Ordinal));
        return StdoutText;
    }

    /// <summary>Waits for a line <c>name=pid</c> and tells which process it is.</summary>
    internal async Task<ProcessRecord> ProcessAsync(string name)
    {
        var output = await OutputAsync($"{name}=");
        var line = output.Split('\n').First(line => line.StartsWith($"{name}=", StringComparison.Ordinal));
        var pid = int.Parse(line[(name.Length + 1)..]);
        return ProcessIdentity.Of(pid) ?? throw new InvalidOperationException($"{line}: no such process.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_seen.Any(signal => signal is SupervisorSignal.Exited or SupervisorSignal.Lost))
        {
            await connection.TerminateAsync("test-end", TerminateMode.Now);
            await foreach (var signal in connection.Signals.ReadAllAsync())
                _seen.Add(signal);
        }

        await connection.DisposeAsync();
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await connection.Signals.WaitToReadAsync(cancellationToken))
                return false;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing more after {Patience}: {string.Join("; ", _seen)}. {Log()}");
        }

        if (connection.Signals.TryRead(out var signal))
            _seen.Add(signal);
        return true;
    }

    private static byte[] Spool(string path) => File.Exists(path) ? File.ReadAllBytes(path) : [];

    private string Log() => File.Exists(Files.File(AttemptFiles.Log)) ? File.ReadAllText(Files.File(AttemptFiles.Log)) : "no log";
}
