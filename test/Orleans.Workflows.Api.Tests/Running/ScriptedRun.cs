using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orleans.Workflows.Api.Tests.Running;

/// <summary>Requests for runs of the scripted agent, whose prompt is its script.</summary>
internal static class ScriptedRun
{
    public const string Short = """{"text":"hello","usage":{"input":100,"output":20,"cacheRead":5,"cacheCreation":7},"costUsd":0.25},{"result":"done"}""";

    public static string Body(string steps, Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["agent"] = "scripted", ["message"] = $$"""{"steps":[{{steps}}]}""" };
        change?.Invoke(body);
        return body.ToJsonString();
    }
}
