using System.Text;

namespace Orleans.Workflows.Benchmarks;

/// <summary>A process of its own that starts runs over REST, one call a run, each with its own idempotency key. A line on its stdin says how many.</summary>
internal static class Submitter
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes($$"""{"agent":"{{NoopAgent.Name}}","message":"nothing"}""");

    public static async Task<int> RunAsync(Uri server, int inFlight)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = inFlight }) { BaseAddress = server };
        while (Console.ReadLine() is { } line)
        {
            await InFlight.EachAsync(int.Parse(line), inFlight, async _ =>
            {
                using var content = new ByteArrayContent(Body);
                content.Headers.ContentType = new("application/json");
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs") { Content = content };
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
                using var response = await http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            });
        }

        return 0;
    }
}
