using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.Chaos.Cluster;
using Orleans.Workflows.Chaos.Faults;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Chaos.Load;

/// <summary>Callers that start runs over REST at any node, as callers should: a key each, repeated until it is answered.</summary>
internal sealed class ChaosLoad(ChaosCluster cluster, FaultLog log, int inFlight, int seed, bool repeats)
{
    /// <summary>As many callers start real agents: each takes memory, and a second of a processor.</summary>
    private const int ModelCallers = 2;

    public const int Tenants = 3;
    public const int Teams = 4;

    /// <summary>Their limits change meanwhile.</summary>
    public const int Crews = 6;

    private const double TimeoutSeconds = 20;
    private const double ModelTimeoutSeconds = 60;
    private const double QueueTimeoutSeconds = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Beyond a run's own bound: as long as the checker is patient.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<AcceptedStart> _accepted = new();
    private readonly ConcurrentDictionary<Guid, bool> _active = new();
    private readonly ConcurrentDictionary<Guid, bool> _asking = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentDictionary<int, int> _unavailable = new();
    private int _started;

    /// <summary>Every answer that promised a run, repeats included.</summary>
    public IReadOnlyList<AcceptedStart> Accepted => [.. _accepted];

    /// <summary>Answers that no caller deserved; part of what is lost.</summary>
    public IReadOnlyList<string> Refusals => [.. _refusals];

    /// <summary>Answers that asked to come again, by status; anything but 503 and 429 is no way to say so.</summary>
    public IReadOnlyDictionary<int, int> Unavailable => _unavailable;

    public int Started => Volatile.Read(ref _started);

    /// <summary>Runs of real agents that have not ended.</summary>
    public IReadOnlyList<Guid> Asking => [.. _asking.Keys];

    /// <summary>Keeps as many runs in flight until <paramref name="stopping"/>, then waits for those that are.</summary>
    public Task RunAsync(CancellationToken stopping, CancellationToken abort) =>
        Task.WhenAll(Enumerable.Range(0, inFlight).Select(worker => WorkAsync(new Random(HashCode.Combine(seed, worker)), worker, stopping, abort)));

    /// <summary>One of the runs that have not ended, or null.</summary>
    public Guid? PickActive(Random random)
    {
        Guid[] active = [.. _active.Keys];
        return active.Length == 0 ? null : active[random.Next(active.Length)];
    }

    /// <summary>Asks nodes in turn until one answers anything but "not now"; null when none did in time.</summary>
    public async Task<HttpResponseMessage?> AskAsync(Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> ask, int first, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = log.Time.GetTimestamp();
        for (var i = 0; log.Time.GetElapsedTime(begun) < patience; i++)
        {
            try
            {
                var nodes = cluster.Nodes;
                var response = await ask(nodes[(int)((uint)(first + i) % nodes.Count)].Http, cancellationToken);
                if ((int)response.StatusCode < 500 && response.StatusCode != HttpStatusCode.TooManyRequests)
                {
                    return response;
                }

                _unavailable.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
                response.Dispose();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The server is away, or was while it answered.
            }

            await Task.Delay(Pause, log.Time, cancellationToken);
        }

        return null;
    }

    private async Task WorkAsync(Random random, int worker, CancellationToken stopping, CancellationToken abort)
    {
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var key = $"{seed}-{worker}-{number}";
            var asks = worker < ModelCallers && cluster.Model is not null;
            var (timeout, body) = asks ? (ModelTimeoutSeconds, ModelBody(key)) : (TimeoutSeconds, Body(random));
            Interlocked.Increment(ref _started);
            var isDuplicate = repeats && random.Next(100) < 15;
            if (isDuplicate)
            {
                log.Count(FaultKind.Duplicate, key);
            }

            var answers = await Task.WhenAll(Enumerable.Range(0, isDuplicate ? 3 : 1).Select(i => StartAsync(key, body, timeout, worker + number + i, abort)).ToArray());
            if (answers.FirstOrDefault(id => id is not null) is not { } run)
            {
                continue;
            }

            _active[run] = true;
            if (asks)
            {
                _asking[run] = true;
            }

            await AwaitEndAsync(run, timeout, random, abort);
            _active.TryRemove(run, out _);
            _asking.TryRemove(run, out _);
            if (repeats && random.Next(100) < 20)
            {
                log.Count(FaultKind.Late, key);
                await StartAsync(key, body, timeout, random.Next(), abort);
            }
        }
    }

    private async Task<Guid?> StartAsync(string key, object body, double timeout, int node, CancellationToken cancellationToken)
    {
        using var response = await AskAsync(
            async (http, cancellation) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs") { Content = JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key);
                return await http.SendAsync(request, cancellation);
            },
            node, Patience, cancellationToken);
        var text = response is null ? "" : await response.Content.ReadAsStringAsync(cancellationToken);
        if (response is null)
        {
            // Nothing was promised.
            log.Say($"no node took the start with key {key} for {Patience.TotalSeconds} s");
            return null;
        }

        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.OK))
        {
            _refusals.Enqueue($"key {key}: {(int)response.StatusCode} {text}");
            return null;
        }

        var run = JsonElement.Parse(text).GetProperty("id").GetGuid();
        _accepted.Enqueue(new(key, run, log.Time.GetUtcNow() + TimeSpan.FromSeconds(timeout + QueueTimeoutSeconds)));
        return run;
    }

    private async Task AwaitEndAsync(Guid run, double timeout, Random random, CancellationToken cancellationToken)
    {
        var begun = log.Time.GetTimestamp();
        var bound = TimeSpan.FromSeconds(timeout + QueueTimeoutSeconds) + Patience;
        while (log.Time.GetElapsedTime(begun) < bound)
        {
            using var response = await AskAsync((http, cancellation) => http.GetAsync(new Uri($"/api/v1/runs/{run}/result?wait=10", UriKind.Relative), cancellation), random.Next(), Patience, cancellationToken);
            if (response is { StatusCode: HttpStatusCode.OK })
            {
                return;
            }

            if (response is not { StatusCode: HttpStatusCode.Conflict })
            {
                await Task.Delay(Pause, log.Time, cancellationToken);
            }
        }
    }

    private static object ModelBody(string key) => new
    {
        workflow = ChaosModel.Workflow,
        message = ChaosModel.Prompt(key),
        queue = "wide",
        timeoutSeconds = ModelTimeoutSeconds,
        queueTimeoutSeconds = QueueTimeoutSeconds,
    };

    private object Body(Random random) => new
    {
        agent = "scripted",
        message = ChaosScript.Make(random),
        queue = random.Next(10) == 0 ? ChaosCluster.NarrowQueue : "wide",
        timeoutSeconds = TimeoutSeconds,
        queueTimeoutSeconds = QueueTimeoutSeconds,
        environment = new Dictionary<string, string> { [AgentJournal.Variable] = cluster.Journal },
        priority = 1 + random.Next(5),
        tenant = $"t{random.Next(Tenants)}",
        labels = Labels(random),
        locks = Locks(random),
    };

    /// <summary>So many places that some have to wait for one another, and not so few that too little runs to be hit; some want two.</summary>
    private static Dictionary<string, string>? Locks(Random random) => random.Next(4) switch
    {
        0 => new() { [$"place-{random.Next(20)}"] = random.Next(3) == 0 ? "exclusive" : "shared" },
        1 => new() { [$"place-{random.Next(10)}"] = "shared", [$"place-{10 + random.Next(10)}"] = "exclusive" },
        _ => null,
    };

    private static Dictionary<string, string> Labels(Random random)
    {
        var labels = new Dictionary<string, string> { ["team"] = $"{random.Next(Teams)}" };
        if (random.Next(2) == 0)
        {
            labels["resource"] = $"{random.Next(16)}";
        }

        if (random.Next(3) == 0)
        {
            labels["crew"] = $"{random.Next(Crews)}";
        }

        return labels;
    }
}
