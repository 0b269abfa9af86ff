using Npgsql;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.Chaos.Checking.Reading;
using Orleans.Workflows.Chaos.Cluster;
using Orleans.Workflows.Chaos.Faults;
using Orleans.Workflows.Chaos.Load;

namespace Orleans.Workflows.Chaos;

/// <summary>Starts everything, harms it, lets it come to rest, and judges.</summary>
internal sealed class ChaosRun(ChaosOptions options, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(3);

    private readonly FaultLog _log = new(options.Agents, options.Json, time);

    public async Task<ChaosReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var cluster = await ChaosCluster.StartAsync(options.Faults, cancellationToken);
        _log.Say($"{cluster.Nodes.Count} nodes are ready in {cluster.Directory}");
        var load = new ChaosLoad(cluster, _log, options.InFlight, options.Seed, repeats: options.Faults.Count > 0);
        await HarmAsync(cluster, load, cancellationToken);
        await RestAsync(cluster, cancellationToken);
        var history = await ReadAsync(cluster, load, cancellationToken);
        Violation[] violations =
        [
            .. HistoryChecker.Check(history),
            .. load.Refusals.Select(refusal => new Violation(ViolationKind.Lost, null, $"not accepted: {refusal}")),
        ];
        if (violations.Length > 0)
        {
            var logs = Path.Combine(Environment.CurrentDirectory, "artifacts", "chaos", $"{options.Seed}");
            cluster.CopyLogs(logs);
            await File.WriteAllLinesAsync(Path.Combine(logs, "runs"), RunStories.Of(history, violations), cancellationToken);
            Console.Error.WriteLine($"logs, journal and the rows of violating runs: {logs}");
        }

        Say(cluster, load, history);
        return new(history.Runs.Count, options.Faults.ToDictionary(kind => kind, _log.CountOf), violations);
    }

    private bool IsEnough(ChaosLoad load) => load.Started >= options.Runs && options.Faults.All(kind => _log.CountOf(kind) >= options.Each);

    private async Task HarmAsync(ChaosCluster cluster, ChaosLoad load, CancellationToken cancellationToken)
    {
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var harming = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var keeping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var schedule = new FaultSchedule(cluster, load, _log, options.Faults, new Random(options.Seed));
        var work = load.RunAsync(loading.Token, cancellationToken);
        var harm = schedule.RunAsync(harming.Token);
        var keep = KeepUpAsync(cluster, keeping.Token);
        var begun = time.GetTimestamp();
        while (!IsEnough(load) && time.GetElapsedTime(begun) < TimeSpan.FromMinutes(options.Minutes))
        {
            await Task.Delay(Poll, time, cancellationToken);
        }

        await harming.CancelAsync();
        await harm;
        await loading.CancelAsync();
        await work;
        await keeping.CancelAsync();
        await keep;
    }

    /// <summary>What a service manager does: a server that ended by itself is started again.</summary>
    private async Task KeepUpAsync(ChaosCluster cluster, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Poll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                foreach (var node in cluster.Nodes.Where(node => node.HasFallen))
                {
                    _log.Say($"{node.Name} ended by itself and is started again");
                    await RestartAsync(node, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // All runs have been waited for.
        }
    }

    private async Task RestartAsync(ChaosNode node, CancellationToken stopping)
    {
        try
        {
            await node.StartAsync(stopping);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or IOException)
        {
            // Tried again at the next look, as long as the harness is patient.
            _log.Say(exception.Message.Split('\n')[0]);
        }
    }

    /// <summary>Until every run has ended and nothing of them is due to be removed any more, or no longer than that may take.</summary>
    private async Task RestAsync(ChaosCluster cluster, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        await using var open = source.CreateCommand("select (select count(*) from runs where ended_at is null) + (select count(*) from attempts where ended_at is null)");
        while ((long)(await open.ExecuteScalarAsync(cancellationToken))! > 0 && time.GetElapsedTime(begun) < Rest)
        {
            await Task.Delay(Poll, time, cancellationToken);
        }

        _log.Say("at rest");
        begun = time.GetTimestamp();
        var patience = ChaosCluster.FilesKeptFor + TimeSpan.FromSeconds(2);
        while (FileReader.Left(cluster.StateDirectories, TimeSpan.Zero).Count > 0 && time.GetElapsedTime(begun) < patience)
        {
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task<History> ReadAsync(ChaosCluster cluster, ChaosLoad load, CancellationToken cancellationToken)
    {
        var history = await LedgerReader.ReadAsync(
            new()
            {
                ReadAt = time.GetUtcNow(),
                Accepted = load.Accepted,
                Hits = _log.Hits,
                QueueLimits = new Dictionary<string, int> { [ChaosCluster.NarrowQueue] = ChaosCluster.NarrowLimit },
                LabelLimits = ChaosCluster.LabelLimits,
                Rules = _log.Rules,
                PriorityAging = ChaosCluster.PriorityAging,
                NodeSlots = cluster.NodeNames.ToDictionary(name => name, _ => ChaosCluster.Slots),
                Runs = [],
                Attempts = [],
                Transcript = [],
                Locks = [],
                Journal = JournalReader.Read(cluster.Journal),
                Processes = [],
                UsageRows = new Dictionary<Guid, Numbers>(),
                ModelCalls = [],
                Repairs = RepairReader.Read(cluster.Repairs),
                IsHarmed = options.Faults.Count > 0,
                Files = FileReader.Left(cluster.StateDirectories, ChaosCluster.FilesKeptFor),
            },
            cluster.ConnectionString,
            cancellationToken);
        var runs = load.Accepted.DistinctBy(start => start.Key).ToDictionary(start => start.Key, start => start.Run);
        history = history with { ModelCalls = [.. (cluster.Model?.Calls() ?? []).Where(call => runs.ContainsKey(call.Key)).Select(call => new ModelCall(runs[call.Key], call.MessageId, call.Usage))] };
        var servers = cluster.Nodes.Select(node => node.Pid).OfType<int>().ToHashSet();
        return history with { Processes = ProcessReader.Left(history.Runs.Select(run => run.Id).ToHashSet(), cluster.StateDirectories, servers) };
    }

    private void Say(ChaosCluster cluster, ChaosLoad load, History history)
    {
        var inFlight = _log.InFlight.Order().ToArray();
        _log.Say($"agents in flight at the faults: least {inFlight.FirstOrDefault()}, median {(inFlight.Length == 0 ? 0 : inFlight[inFlight.Length / 2])}, most {inFlight.LastOrDefault()}; server starts {cluster.Nodes.Sum(node => node.Starts)}; "
            + $"agents {history.Lives.Count}; {Waits(history)}; of them real: {string.Join(", ", history.Runs.Where(run => run.AsksTheModel).CountBy(run => $"{run.Status}/{run.Reason}").Select(count => $"{count.Value} x {count.Key}"))}, with {history.ModelCalls.Count} calls of the model; put right: {string.Join(", ", history.Repairs.CountBy(repair => $"{repair.Counter} {repair.What}").Select(count => $"{count.Value} x {count.Key.Trim()}"))}; answers to repeat: {string.Join(", ", load.Unavailable.Select(answer => $"{answer.Value} x {answer.Key}"))}; {string.Join(", ", history.Runs.CountBy(run => $"{run.Status}/{run.Reason}").OrderByDescending(count => count.Value).Select(count => $"{count.Key} {count.Value}"))}");
    }

    private static string Waits(History history)
    {
        var waits = WaitRules.Of(history).ToArray();
        var longest = waits.Select(wait => wait.Waited.TotalSeconds).Order().ToArray();
        return longest.Length == 0 ? "nobody waited" : $"waits: median {longest[longest.Length / 2]:0.0} s, 99 % {longest[longest.Length * 99 / 100]:0.0} s, longest {longest[^1]:0.0} s, at most {waits.Max(wait => wait.Share):0.0} times fair";
    }
}
