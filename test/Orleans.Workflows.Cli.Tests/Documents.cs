namespace Orleans.Workflows.Cli.Tests;

/// <summary>Answers as the server writes them.</summary>
internal static class Documents
{
    public const string Id = "0199c0de-0000-7000-8000-000000000001";

    private const string Template = """
        {"id":"ID","workflow":"demo","agent":"scripted","status":"STATUS","reason":REASON,
         "waitsFor":null,"deadline":null,"queue":"default","caller":"anonymous","correlationId":"c-1","sessionId":"0199c0de-0000-7000-8000-0000000000aa","branch":null,
         "labels":{"team":"red"},"phase":"model","attempts":1,"node":"n1","turns":3,"maxTurns":12,"agentTurns":null,"toolCalls":2,"tools":{"Bash":2},
         "usage":{"inputTokens":1200,"outputTokens":null,"cacheReadTokens":null,"cacheCreationTokens":null,"costUsd":0.0123},"models":{},"usageIncomplete":true,"permissionDenials":1,
         "createdAt":"2026-11-22T21:00:00.000000Z","startedAt":"2026-11-22T21:00:01.000000Z","endedAt":null,"lastActivityAt":null,"wallMs":61000,"apiMs":null,
         "result":RESULT,
         "continuedFrom":null,"continueUntil":null,"lastEventSeq":SEQ,"version":7,"model":null,"agentVersion":"1.0.0","pendingMessages":0,"definitionHash":"ab","warnings":["Odd\u001b[31m."],
         "position":null,"continuations":[],"links":{"self":"/api/v1/runs/x"}}
        """;

    private const string Result = """
        {"text":"TEXT","structuredOutput":null,"firstCommit":null,"lastCommit":null,"changedFiles":[],"workspace":null,"exitCode":0,"signal":null,"endedProcesses":[],"stderrTail":null}
        """;

    private const string Reason = """{"code":"some_reason","text":"Because STATUS."}""";

    public static string Run(string status = "Running", long lastEventSeq = 0, string? text = null) => Template
        .Replace("ID", Id, StringComparison.Ordinal)
        .Replace("REASON", status is "Running" or "Queued" ? "null" : Reason, StringComparison.Ordinal)
        .Replace("STATUS", status, StringComparison.Ordinal)
        .Replace("SEQ", $"{lastEventSeq}", StringComparison.Ordinal)
        .Replace("RESULT", text is null ? "null" : Result.Replace("TEXT", text, StringComparison.Ordinal), StringComparison.Ordinal);
}
