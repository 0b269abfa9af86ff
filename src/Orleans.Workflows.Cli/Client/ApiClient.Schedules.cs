using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Cli.Client;

internal sealed partial class ApiClient
{
    public Task<Answer<ItemList<ScheduleListing>>> SchedulesAsync(CancellationToken cancellationToken) =>
        GetAsync("schedules", ApiJson.Default.ItemListScheduleListing, cancellationToken);

    public Task<Answer<ScheduleListing>> ScheduleAsync(string name, CancellationToken cancellationToken) =>
        GetAsync(Schedule(name), ApiJson.Default.ScheduleListing, cancellationToken);

    public Task<Answer<ScheduleListing>> PutScheduleAsync(string name, ScheduleRequest request, bool replace, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, Schedule(name) + new Query().Add("replace", replace ? null : "false"), request, ApiJson.Default.ScheduleRequest, ApiJson.Default.ScheduleListing, null, cancellationToken);

    public Task<Answer<ScheduleListing>> DeleteScheduleAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Delete, Schedule(name)), ApiJson.Default.ScheduleListing, cancellationToken);

    public Task<Answer<ScheduleListing>> PauseScheduleAsync(string name, bool paused, string? note, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Schedule(name)}/{(paused ? "pause" : "unpause")}", new NoteBody(note), ApiJson.Default.NoteBody, ApiJson.Default.ScheduleListing, null, cancellationToken);

    public Task<Answer<TriggerOutcome>> TriggerAsync(string name, string? idempotencyKey, CancellationToken cancellationToken) =>
        AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, $"{Schedule(name)}/trigger");
                if (idempotencyKey is not null)
                {
                    request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
                }

                return request;
            },
            ApiJson.Default.TriggerOutcome,
            cancellationToken);

    /// <summary>A name of dots alone would lead to another resource.</summary>
    private static string Schedule(string name) => name.Trim('.').Length > 0
        ? $"schedules/{Uri.EscapeDataString(name)}"
        : throw new UsageException($"'{name}' is no schedule's name.", "'workflows schedules list' shows them.");
}
