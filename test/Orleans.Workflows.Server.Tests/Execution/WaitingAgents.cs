using System.Globalization;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Agents that say half of their lines, wait until they may go on, and say the other half; all in one directory.</summary>
internal sealed class WaitingAgents(string directory)
{
    private const int Lines = 100;

    private int _started;

    private string Journal => Path.Combine(directory, "journal");

    private string GoOn => Path.Combine(directory, "go-on");

    public Task<RunId> StartAsync(ServerProcess server, CancellationToken cancellationToken) => server.StartRunAsync(
        new { agent = "scripted", message = Script(_started++), environment = new Dictionary<string, string> { [AgentJournal.Variable] = Journal } }, cancellationToken);

    /// <summary>Waits until all have said their first half.</summary>
    public Task AtWorkAsync(CancellationToken cancellationToken) =>
        WaitFor.Condition(() => Enumerable.Range(0, _started).All(i => File.Exists(Ready(i))), () => "not all agents are at work", TestTimeouts.Process, cancellationToken: cancellationToken);

    public Task LetGoAsync(CancellationToken cancellationToken) => File.WriteAllTextAsync(GoOn, "", cancellationToken);

    /// <summary>Waits for a run's end and insists on one attempt that said each line once, as its spool on its node tells.</summary>
    public async Task JudgeAsync(ServerProcess server, RunId run, IEnumerable<string> stateDirectories, CancellationToken cancellationToken)
    {
        var shown = await server.UntilEndedAsync(run, cancellationToken: cancellationToken);
        Assert.Equal(("Completed", 1, 2 * Lines + 1), (shown.GetProperty("status").GetString(), shown.GetProperty("attempts").GetInt32(), shown.GetProperty("turns").GetInt32()));
        var spool = Assert.Single(stateDirectories.Select(state => Path.Combine(state, "attempts", $"{run.Value:N}-1", "stdout")), File.Exists);
        Assert.Equal(await File.ReadAllTextAsync(spool, cancellationToken), await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/transcript", UriKind.Relative), cancellationToken));
    }

    /// <summary>By their own word.</summary>
    public void EachStartedOnce()
    {
        var starts = AgentJournal.Read(Journal).Starts;
        Assert.Equal((_started, _started), (starts.Count, starts.Values.Sum()));
    }

    /// <summary>When a server followed attempts of another process, from what it printed:
    /// <c>2026-11-23T08:28:12.953Z info: … Run …, attempt 1, which another process … followed, is followed from here.</c></summary>
    public static DateTimeOffset[] AdoptionsIn(string printed) =>
        [.. printed.Split('\n').Where(line => line.Contains("is followed from here", StringComparison.Ordinal)).Select(line => DateTimeOffset.Parse(line[..24], CultureInfo.InvariantCulture))];

    /// <summary>Insists on an adoption within <paramref name="bound"/>, or on a slow or busy machine within 2.5 times what a start
    /// with nothing to adopt took there.</summary>
    public static void Within(TimeSpan bound, TimeSpan bareStart, TimeSpan last) =>
        Assert.True(last < bound || last < bareStart * 2.5, $"the last after {last}, where {bound} was wanted and a bare start took {bareStart}");

    private string Ready(int agent) => Path.Combine(directory, $"ready-{agent}");

    private string Script(int agent)
    {
        var half = string.Join(",", Enumerable.Range(0, Lines).Select(number => $$"""{"text":"line {{number}}"}"""));
        return $$"""{"steps":[{{half}},{"tool":"Bash","input":{},"run":"touch {{Ready(agent)}}; while [ ! -e {{GoOn}} ]; do sleep 0.1; done"},{{half}},{"result":"done"}]}""";
    }
}
