using Orleans.Workflows.Chaos.Cluster;
using Orleans.Workflows.Chaos.Load;

namespace Orleans.Workflows.Chaos.Faults;

/// <summary>Does all kinds of harm in an order that the seed decides, each kind equally often, three at a time at most.</summary>
internal sealed class FaultSchedule(ChaosCluster cluster, ChaosLoad load, FaultLog log, IReadOnlyList<FaultKind> kinds, Random random) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _places = new(3);
    private readonly SemaphoreSlim _nodeIsTaken = new(1);
    private readonly HashSet<string> _busy = [];
    private readonly Queue<FaultKind> _next = [];

    /// <summary>Goes on until <paramref name="stopping"/>; when it returns, all that it broke is mended.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        FaultKind[] own = [.. kinds.Where(kind => !kind.IsOfLoad())];
        var going = new List<Task>();
        try
        {
            while (own.Length > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 1_000)), log.Time, stopping);
                await _places.WaitAsync(stopping);
                await AwaitAgentsAsync(stopping);
                if (_next.Count == 0)
                {
                    random.Shuffle(own);
                    Array.ForEach(own, _next.Enqueue);
                }

                going.RemoveAll(task => task.IsCompleted);
                going.Add(DoAsync(_next.Dequeue(), new(random.Next()), stopping));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is under way mends what it broke first.
        }

        await Task.WhenAll(going);
    }

    public void Dispose()
    {
        _places.Dispose();
        _nodeIsTaken.Dispose();
    }

    /// <summary>Harm is done to a service at work; one that does not get there is harmed all the same after a while.</summary>
    private async Task AwaitAgentsAsync(CancellationToken stopping)
    {
        var begun = log.Time.GetTimestamp();
        while (AgentProcess.All(cluster.Journal).Count < log.LeastAgents && log.Time.GetElapsedTime(begun) < LongestWait)
        {
            await Task.Delay(Poll, log.Time, stopping);
        }
    }

    private async Task DoAsync(FaultKind kind, Random seeded, CancellationToken stopping)
    {
        var takes = kind.TakesANode();
        try
        {
            if (takes && !await _nodeIsTaken.WaitAsync(TimeSpan.Zero, stopping))
            {
                takes = false;
                return;
            }

            var agents = AgentProcess.All(cluster.Journal);
            var context = new FaultContext(cluster, load, log, seeded, agents, stopping);
            await (kind switch
            {
                FaultKind.AgentKill or FaultKind.SupervisorKill => ProcessFaults.KillAsync(kind, context),
                FaultKind.Cancel or FaultKind.Terminate => CommandFaults.SendAsync(kind, context),
                FaultKind.Pause => CommandFaults.PauseAsync(context),
                FaultKind.PostgresRestart or FaultKind.PostgresImmediate => OnAsync("postgres", () => DatabaseFaults.RestartAsync(kind, context)),
                FaultKind.AdmissionEpoch => OnAsync("postgres", () => AdmissionFaults.AdvanceEpochAsync(context)),
                FaultKind.DatabaseCut or FaultKind.DatabaseDelay or FaultKind.DatabaseSilence or FaultKind.Partition => OnNodeAsync(seeded, node => DatabaseFaults.DisturbAsync(kind, node, context)),
                FaultKind.NodeLoss => OnNodeAsync(seeded, node => SiloFaults.LoseAsync(node, context), exceptTheSmallDisk: true),
                FaultKind.SecondAdmission => AdmissionFaults.FreezeAsync(context),
                FaultKind.RuleChange => RuleFaults.ChangeAsync(context),
                FaultKind.Hold => OnAsync("hold", () => RuleFaults.HoldAsync(context)),
                FaultKind.ModelCut => OnAsync("model", () => ModelFaults.DisturbAsync(context)),
                FaultKind.DiskFull => DiskFaults.FillAsync(context),
                _ => OnNodeAsync(seeded, node => SiloFaults.DoAsync(kind, node, context)),
            });
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.Say($"{kind.Name()} could not be done: {exception.Message.Split('\n')[0]}");
        }
        catch (OperationCanceledException)
        {
            // The schedule ends.
        }
        finally
        {
            if (takes)
            {
                _nodeIsTaken.Release();
            }

            _places.Release();
        }
    }

    /// <summary>One fault a node at a time, so that one does not mend what another broke.</summary>
    private async Task OnNodeAsync(Random seeded, Func<ChaosNode, Task> fault, bool exceptTheSmallDisk = false)
    {
        ChaosNode node;
        lock (_busy)
        {
            ChaosNode[] free = [.. cluster.Nodes.Where(node => !_busy.Contains(node.Name) && !(exceptTheSmallDisk && cluster.HasSmallDisk(node)))];
            if (free.Length == 0)
            {
                return;
            }

            node = free[seeded.Next(free.Length)];
            _busy.Add(node.Name);
        }

        try
        {
            await fault(node);
        }
        finally
        {
            lock (_busy)
            {
                _busy.Remove(node.Name);
            }
        }
    }

    /// <summary>The same for what all nodes share.</summary>
    private async Task OnAsync(string what, Func<Task> fault)
    {
        lock (_busy)
        {
            if (!_busy.Add(what))
            {
                return;
            }
        }

        try
        {
            await fault();
        }
        finally
        {
            lock (_busy)
            {
                _busy.Remove(what);
            }
        }
    }
}
