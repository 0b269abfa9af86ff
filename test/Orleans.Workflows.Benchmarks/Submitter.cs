using System.Text;

namespace Orleans.Workflows.Benchmarks;

/// <summary>A process of its own that starts runs over REST, one call a run, each with its own idempotency key.</summary>
internal static class Submitter
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes($$"""{"agent":"{{NoopAgent.Name}}","message":"nothing"}""");

    public static async Task<int> RunAsync(Uri server, int runs, int inFlight)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = inFlight }) { BaseAddress = server };
        Console.WriteLine("ready");
        Console.ReadLine();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) <= runs)
            {
                using var content = new ByteArrayContent(Body);
                content.Headers.ContentType = new("application/json");
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs") { Content = content };
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
                using var response = await http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            }
        })));
        return 0;
    }
}
