using System.Net.Sockets;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Workflows.Cli.Client;

/// <summary>
/// The REST API, typed. A refusal is a <see cref="ProblemException"/>; no answer, or one that is not this service's, an
/// <see cref="UnreachableException"/>. Nothing is repeated by itself.
/// </summary>
internal sealed partial class ApiClient : IDisposable
{
    /// <summary>Above the server's longest wait for a result.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="server">Where it is.</param>
    /// <param name="time">For what it waits.</param>
    /// <param name="caller">Who asks, as the server's audit has it; null: anonymous.</param>
    public ApiClient(Uri server, TimeProvider time, string? caller = null)
    {
        _time = time;
        Server = server;
        // Loopback and private addresses are the rule: a proxy from the environment would only be in the way.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseProxy = false })
        {
            BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/api/v1/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (caller is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Caller", caller);
        }

        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("workflows-cli", "1"));
    }

    public Uri Server { get; }

    /// <summary>How long a live stream may say nothing; the server's beats come every 15 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    public void Dispose() => _http.Dispose();

    private Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    private Task<Answer<TAnswer>> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, string? idempotencyKey, CancellationToken cancellationToken) =>
        AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                if (idempotencyKey is not null)
                {
                    request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
                }

                return request;
            },
            answerType,
            cancellationToken);

    private async Task<Answer<T>> AskAsync<T>(Func<HttpRequestMessage> create, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = create();
            using var response = await SendCheckedAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            var json = await response.Content.ReadAsStringAsync(either.Token);
            return new Answer<T>(Read(json, type), json);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new UnreachableException(Server, $"It did not answer within {AnswerTimeout.TotalSeconds:0} s.");
        }
    }

    private T Read<T>(string json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new UnreachableException(Server, $"Its answer is not understood ({e.Message}). Is it this service, in this version?");
        }
    }

    /// <summary>Sends, and turns every answer but a success into an exception.</summary>
    private async Task<HttpResponseMessage> SendCheckedAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, completion, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // A connection that breaks in the moment it is made ends in a bare SocketException.
            throw new UnreachableException(Server, e.InnerException?.Message ?? e.Message);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ProblemException(await ReadProblemAsync(response, cancellationToken));
        }
    }

    private static async Task<ProblemInfo> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(cancellationToken), ApiJson.Default.ProblemInfo);
            return (problem ?? new()) with { Status = response.StatusCode };
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            return new ProblemInfo { Status = response.StatusCode, Title = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}." };
        }
    }
}
