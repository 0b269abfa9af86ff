using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

internal sealed partial class ApiClient
{
    public Task<Answer<RunInfo>> StartAsync(StartRunRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "runs", request, ApiJson.Default.StartRunRequest, ApiJson.Default.RunInfo, idempotencyKey, cancellationToken);

    public Task<Answer<RunPage>> ListAsync(Query filter, CancellationToken cancellationToken) =>
        GetAsync($"runs{filter}", ApiJson.Default.RunPage, cancellationToken);

    public Task<Answer<RunInfo>> GetRunAsync(string run, CancellationToken cancellationToken) =>
        GetAsync(Run(run), ApiJson.Default.RunInfo, cancellationToken);

    public Task<Answer<RunExplanation>> ExplainAsync(string run, CancellationToken cancellationToken) =>
        GetAsync(Run(run, "explain"), ApiJson.Default.RunExplanation, cancellationToken);

    public Task<Answer<ItemList<AttemptInfo>>> AttemptsAsync(string run, CancellationToken cancellationToken) =>
        GetAsync(Run(run, "attempts"), ApiJson.Default.ItemListAttemptInfo, cancellationToken);

    public Task<Answer<RunInfo>> MessageAsync(string run, string text, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "messages"), new MessageBody(text), ApiJson.Default.MessageBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> CancelAsync(string run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "cancel"), new ReasonBody(reason), ApiJson.Default.ReasonBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> TerminateAsync(string run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "terminate"), new ReasonBody(reason), ApiJson.Default.ReasonBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> ReleaseAsync(string run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "release"), new ReasonBody(reason), ApiJson.Default.ReasonBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> ReleaseLocksAsync(string run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "release-locks"), new ReasonBody(reason), ApiJson.Default.ReasonBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> PauseAsync(string run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "pause"), new ReasonBody(reason), ApiJson.Default.ReasonBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> ResumeAsync(string run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "resume"), new ReasonBody(reason), ApiJson.Default.ReasonBody, ApiJson.Default.RunInfo, null, cancellationToken);

    public Task<Answer<RunInfo>> RetryAsync(string run, ContinueRunRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "retry"), request, ApiJson.Default.ContinueRunRequest, ApiJson.Default.RunInfo, idempotencyKey, cancellationToken);

    public Task<Answer<RunInfo>> ContinueAsync(string run, ContinueRunRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Run(run, "continue"), request, ApiJson.Default.ContinueRunRequest, ApiJson.Default.RunInfo, idempotencyKey, cancellationToken);

    /// <summary>Only what an id can be made of: <c>..</c> would lead to another resource.</summary>
    public static RunId ParseRun(string run) => RunId.TryParse(run, null, out var id)
        ? id
        : throw new UsageException($"'{run}' is no run's id.", "Ids look like 0199c0de-0000-7000-8000-000000000000; 'workflows list' shows them.");

    private static string Run(string run, string? part = null) => part is null ? $"runs/{ParseRun(run)}" : $"runs/{ParseRun(run)}/{part}";
}
