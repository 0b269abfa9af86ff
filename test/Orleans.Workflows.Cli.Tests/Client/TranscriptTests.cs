using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Cli.Client;

namespace Orleans.Workflows.Cli.Tests.Client;

public sealed class TranscriptTests
{
    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_told_as_such()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RecordedServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("half of ");
            await context.Response.Body.FlushAsync();
            await written.Task;
            context.Abort();
        });

        Assert.Contains("broke off", await CopyAsync(server, written.SetResult), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_without_room_is_told_as_such()
    {
        await using var server = await RecordedServer.StartAsync(context => context.Response.WriteAsync("all of it"));

        Assert.Contains("No space left", await CopyAsync(server, () => throw new IOException("No space left on device")), StringComparison.Ordinal);
    }

    private static async Task<string> CopyAsync(RecordedServer server, Action onWrite)
    {
        using var api = new ApiClient(new Uri(server.Url), TimeProvider.System);
        await using var target = new WatchedStream(onWrite);
        return (await Assert.ThrowsAsync<UnreachableException>(() => api.CopyTranscriptAsync(Documents.Id, new Query(), target, TestContext.Current.CancellationToken))).Message;
    }

    private sealed class WatchedStream(Action onWrite) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onWrite();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
