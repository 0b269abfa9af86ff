namespace Orleans.Workflows.Cli.Client;

internal sealed partial class ApiClient
{
    public Task<Answer<BatchListing>> StartBatchAsync(BatchBody batch, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "batches", batch, ApiJson.Default.BatchBody, ApiJson.Default.BatchListing, idempotencyKey, cancellationToken);

    public Task<Answer<BatchPage>> BatchesAsync(Query page, CancellationToken cancellationToken) =>
        GetAsync($"batches{page}", ApiJson.Default.BatchPage, cancellationToken);

    public Task<Answer<BatchListing>> BatchAsync(string batch, CancellationToken cancellationToken) =>
        GetAsync(Batch(batch), ApiJson.Default.BatchListing, cancellationToken);

    public Task<Answer<BatchListing>> StopBatchAsync(string batch, CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Post, $"{Batch(batch)}/cancel"), ApiJson.Default.BatchListing, cancellationToken);

    private static string Batch(string batch) => Guid.TryParse(batch, out var id)
        ? $"batches/{id}"
        : throw new UsageException($"'{batch}' is no batch's id.", "Ids look like 0199c0de-0000-7000-8000-000000000000; 'workflows batch list' shows them.");
}
