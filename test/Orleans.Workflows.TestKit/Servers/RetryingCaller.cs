using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>
/// A caller of several servers that does what each caller should: what was not answered, or answered as unavailable, it sends again,
/// to the next server, for half a minute. Any other answer is the caller's to judge.
/// </summary>
/// <param name="servers">Where they are now; asked before each try.</param>
public sealed class RetryingCaller(Func<IReadOnlyList<Uri>> servers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentDictionary<string, int> _retries = new();
    private int _next;

    /// <summary>Tries that were repeated, by why.</summary>
    public IReadOnlyDictionary<string, int> Retries => _retries;

    /// <summary>From the first failure of a request to its answer, at the longest.</summary>
    public TimeSpan LongestAway { get; private set; }

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, CancellationToken cancellationToken) =>
        AskAsync(() => new(HttpMethod.Get, path), cancellationToken);

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body, string idempotencyKey, CancellationToken cancellationToken) =>
        AskAsync(() => new(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", idempotencyKey } } }, cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <exception cref="InvalidOperationException">It was answered as unavailable, or not at all, for longer than a caller waits.</exception>
    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        long? since = null;
        while (true)
        {
            var places = servers();
            using var request = create();
            var path = request.RequestUri!.OriginalString;
            request.RequestUri = new(places[(int)((uint)Interlocked.Increment(ref _next) % places.Count)], path);
            var (status, body, fault) = await TryAsync(request, cancellationToken);
            if (fault is null)
            {
                if (since is { } begun && TimeProvider.System.GetElapsedTime(begun) is var away && away > LongestAway)
                {
                    LongestAway = away;
                }

                return (status, body);
            }

            _retries.AddOrUpdate(fault, 1, static (_, count) => count + 1);
            since ??= TimeProvider.System.GetTimestamp();
            if (TimeProvider.System.GetElapsedTime(since.Value) > Patience)
            {
                throw new InvalidOperationException($"{request.Method} {path} failed for {Patience}, in the end: {fault}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body, string? Fault)> TryAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                ? (response.StatusCode, default, $"{(int)response.StatusCode} {JsonElement.Parse(text).GetProperty("detail")}")
                : (response.StatusCode, JsonElement.Parse(text), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return (default, default, exception.InnerException?.Message ?? exception.Message);
        }
    }
}
