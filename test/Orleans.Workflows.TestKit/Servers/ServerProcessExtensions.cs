using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>What a caller does with a server over REST.</summary>
public static class ServerProcessExtensions
{
    /// <summary>Starts a run and insists that it is accepted.</summary>
    public static async Task<RunId> StartRunAsync(this ServerProcess server, object request, CancellationToken cancellationToken)
    {
        using var response = await server.Http.PostAsJsonAsync("/api/v1/runs", request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? new(Guid.Parse(JsonElement.Parse(body).GetProperty("id").GetString()!)) : throw new InvalidOperationException($"The run was refused: {body}");
    }

    /// <summary>As the server shows it; null while it answers 503.</summary>
    public static async Task<JsonElement?> ShowRunAsync(this ServerProcess server, RunId run, CancellationToken cancellationToken)
    {
        using var response = await server.Http.GetAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative), cancellationToken);
        return response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
    }

    public static async Task<JsonElement> UntilAsync(this ServerProcess server, RunId run, Func<JsonElement, bool> isSo, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        JsonElement? shown = null;
        return (JsonElement)await WaitFor.Value<object>(
            async token => (shown = await server.ShowRunAsync(run, token)) is { } found && isSo(found) ? found : null,
            () => $"{run}: {shown?.GetRawText()}",
            timeout ?? TestTimeouts.Process,
            cancellationToken: cancellationToken);
    }

    public static Task<JsonElement> UntilStatusAsync(this ServerProcess server, RunId run, string status, CancellationToken cancellationToken) =>
        server.UntilAsync(run, shown => shown.GetProperty("status").GetString() == status, cancellationToken: cancellationToken);

    public static Task<JsonElement> UntilEndedAsync(this ServerProcess server, RunId run, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        server.UntilAsync(run, shown => shown.TryGetProperty("endedAt", out var ended) && ended.ValueKind == JsonValueKind.String, timeout, cancellationToken);
}
