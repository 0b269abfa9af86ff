using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Running;

/// <summary>The real server on a free port with SQLite in a directory of its own; the agent is the scripted program.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private WorkflowsServer? _server;

    public ServerFixture()
    {
    }

    /// <summary>Asks a server that its test started and stops.</summary>
    internal ServerFixture(WorkflowsServer server) => _server = server;

    public HttpClient Http => _server!.Http;

    public string StateDirectory => _server!.StateDirectory;

    public IServiceProvider Services => _server!.Services;

    internal ILedger Ledger => _server!.Ledger;

    public async ValueTask InitializeAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ow-api-").FullName;
        var workflows = Path.Combine(directory, "workflows");
        Write(Path.Combine(workflows, "typed", "workflow.yaml"), """
            agent: scripted
            inputSchema:
              type: object
              required: [branch]
              additionalProperties: false
              properties:
                branch: {type: string, maxLength: 20}
                count: {type: integer}
                word: {type: string, pattern: "^(a+)+$"}
            """);
        Write(Path.Combine(workflows, "worktree", "workflow.yaml"), """
            agent: scripted
            workspace: {kind: worktree, repository: "{{input.repository}}"}
            inputSchema:
              type: object
              required: [repository]
              additionalProperties: false
              properties:
                repository: {type: string, minLength: 1}
            """);
        var token = Path.Combine(directory, "token");
        Write(token, "a-secret-for-tests");
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(Path.Combine(workflows, "declared", "workflow.yaml"), $"agent: scripted\nenvironment: {{MODE: fast}}\ncredential: {{fromFile: {token}, variable: TOKEN}}\n");
        Write(Path.Combine(workflows, "again", "workflow.yaml"), """
            agent: command
            command: [/bin/sh, -c, "echo once; exit 75"]
            retry: {maximumAttempts: 2, initialInterval: 20m, maximumInterval: 20m, retryOnExitCodes: [75]}
            """);
        Write(Path.Combine(workflows, "locking", "workflow.yaml"), """
            agent: scripted
            locks: {all: shared, "lock {{input.repository}}": exclusive}
            inputSchema:
              type: object
              required: [repository]
              properties:
                repository: {type: string}
            """);
        Write(Path.Combine(workflows, "broken", "workflow.yaml"), "agent: scripted\nmaxTurn: 3\n");
        Write(Path.Combine(workflows, "needy", "workflow.yaml"), $"agent: scripted\nneeds: [{string.Join(", ", Enumerable.Range(0, 16).Select(number => $"n{number}"))}]\n");
        _server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Workflows:Directories:0"] = workflows, ["Credentials:Named:claude:FromEnv"] = "OW_NO_SUCH_KEY" }, directory: directory);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal Task<ApiReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<ApiReply> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers);

    internal async Task<ApiReply> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendAsync(request);
    }

    internal async Task<ApiReply> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Starts an ad-hoc run of the scripted agent.</summary>
    internal async Task<string> StartAsync(string steps, params (string Name, string Value)[] headers)
    {
        var reply = await PostAsync("/runs", ScriptedRun.Body(steps), headers);
        Assert.Equal(201, (int)reply.Status);
        return reply.Text("id")!;
    }

    /// <summary>The run once it has ended.</summary>
    internal async Task<ApiReply> EndAsync(string run)
    {
        var result = await GetAsync($"/runs/{run}/result?wait=60");
        if ((int)result.Status != 200)
        {
            Assert.Fail($"{result.Body}\n{(await GetAsync($"/runs/{run}")).Body}\n{(await GetAsync($"/runs/{run}/events")).Body}");
        }

        return await GetAsync($"/runs/{run}");
    }

    /// <summary>Waits until the run's history holds an event of a type.</summary>
    internal async Task<JsonElement> EventAsync(string run, string type)
    {
        using var patience = new CancellationTokenSource(TestTimeouts.Process);
        await foreach (var item in EventStream.ReadAsync(Http, run, null, patience.Token))
        {
            if (item.Type == type)
            {
                return item.Json;
            }
        }

        throw new InvalidOperationException($"Run {run} ended without {type}: {(await GetAsync($"/runs/{run}")).Body} {(await GetAsync($"/runs/{run}/events")).Body}");
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
