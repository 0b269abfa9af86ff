using Orleans.Workflows.Agents.Replay;

namespace Orleans.Workflows.Agents.Tests.Replay;

/// <summary>
/// What every recorded stream of the real CLI must give. Worked out from the files without this code: exit code and reason by
/// hand from how each was recorded, numbers by summing the lines with another program.
/// </summary>
public sealed class RecordedStreamTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 21, 0, 0, TimeSpan.Zero);

    // name, exit code (-9: by signal 9), status, reason, turns, tool calls, input, output, cache read, cache creation, cost, session, denials
    public static TheoryData<string, int, string, string, int?, int?, long?, long?, long?, long?, string?, string?, int> Table => new()
    {
        { "badmodel", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "bc5071b4-932a-451d-bc12-876ad5899768", 0 },
        { "badresume", 1, "Failed", "session_not_found", 0, 0, 0, 0, 0, 0, "0", "11111111-2222-4333-8444-555555555555", 0 },
        { "bgtool-disabled", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "776a2b0b-66b3-4db3-a6dc-29739d77ee1e", 0 },
        { "bgtool", 143, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "bc026eea-eddc-44c8-be64-ccff910d88ad", 0 },
        { "budget0", 1, "Failed", "budget", 1, 1, 100, 20, 0, 0, "0.0008", "4be9f30f-c0e4-4adc-9c0e-ed6ec23606c9", 0 },
        { "default", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "565c8777-de17-41a1-8f71-0972e6bdfa0d", 1 },
        { "drop2", 1, "Failed", "api_error", 0, 0, 200, 6, 0, 0, "0.00092", "3948b70c-c95e-4dcb-ae24-d3714d14bdb3", 0 },
        { "err400", 1, "Failed", "api_error", 0, 0, 0, 0, 0, 0, "0", "49a00823-3593-4d83-a15f-68fc81064b6f", 0 },
        { "err401", -15, "Failed", "authentication", 0, 0, null, null, null, null, null, "cf7a46b0-4eab-4e9b-b22f-578b0b86774c", 0 },
        { "err404", 1, "Failed", "api_error", 0, 0, 0, 0, 0, 0, "0", "ee683fb9-de41-4e31-9920-00bc000964ea", 0 },
        { "err429-r0", 1, "Failed", "rate_limited", 0, 0, 0, 0, 0, 0, "0", "7584f259-b531-4601-98c2-5fba0edca1ce", 0 },
        { "err429", 1, "Failed", "rate_limited", 0, 0, 0, 0, 0, 0, "0", "bc916fc6-ff17-4d15-ba7b-93f378c82954", 0 },
        { "err500-r0", 1, "Failed", "api_error", 0, 0, 0, 0, 0, 0, "0", "100a8d69-8132-46da-a02f-5f72b052fd50", 0 },
        { "err529-r2", 1, "Failed", "overloaded", 0, 0, 0, 0, 0, 0, "0", "6d4a603e-0c36-4a5b-b1c0-c52804f73d1d", 0 },
        { "flaky529", 0, "Completed", "success", 1, 0, 100, 20, 0, 0, "0.0008", "74177990-252a-4011-af19-af8d38936b15", 0 },
        { "hang-default", -15, "Failed", "signaled", 0, 0, null, null, null, null, null, "19f09f66-17dd-4b2f-a6af-69f1f20fc598", 0 },
        { "hang-t3", 1, "Failed", "api_error", 0, 0, 0, 0, 0, 0, "0", "267d777b-3af0-49bb-b633-c71d61c59ad7", 0 },
        { "jsonout", 0, "Completed", "success", 2, null, 200, 40, 0, 0, "0.0016", "9b295278-4143-4188-960b-d083a098b11a", 0 },
        { "maxtok", 1, "Failed", "output_limit", 4, 0, 400, 80, 0, 0, "0.0032", "8d8ed030-802a-4b4c-b486-1bbc6968d6a1", 0 },
        { "maxturns1", 1, "Failed", "max_turns", 1, 1, 100, 20, 0, 0, "0.0008", "a0eb8716-2ea1-470f-bf0e-9ee33002b69a", 0 },
        { "mcp", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "ced56906-7bff-490b-8c7d-8c66ee21b0b8", 0 },
        { "mcpdead", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "a14ac7bb-d9cd-4a46-8592-6d154c6ccdc6", 0 },
        { "ok", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "f3679928-2a17-4cd7-846d-ec8fc0d85038", 0 },
        { "old-ok", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.002", "d0bc7b22-47db-4e06-bdc0-e2bfd8a5bdb6", 0 },
        { "partial", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "018f0000-0000-4000-8000-000000000002", 0 },
        { "refused", 1, "Failed", "api_error", 0, 0, 0, 0, 0, 0, "0", "b654b345-ff30-4c2f-8675-9fe38d00d13a", 0 },
        { "resume-SIGKILL-continue", 0, "Completed", "success", 1, 0, 300, 60, 0, 0, "0.0024000000000000002", "457c5696-bf0d-4aa9-83b9-e78797e6ef16", 0 },
        { "resume-SIGKILL-fork", 0, "Completed", "success", 1, 0, 200, 40, 0, 0, "0.0016", "457c5696-bf0d-4aa9-83b9-e78797e6ef16", 0 },
        { "resume-SIGTERM-resume", 0, "Completed", "success", 1, 0, 200, 40, 0, 0, "0.0016", "11111111-2222-4333-8444-555555555555", 0 },
        { "schema", 0, "Completed", "success", 1, 1, 100, 20, 0, 0, "0.0008", "b4b6f6be-c5de-4900-b5e7-8d98c56c2b7c", 0 },
        { "schemanone", 0, "Failed", "structured_output", 2, 0, 200, 40, 0, 0, "0.0016", "660563b5-15ed-4e7c-abcf-a97a77fd793e", 0 },
        { "sig-bash-SIGKILL", -9, "Failed", "signaled", 1, 1, 100, null, 0, 0, null, "d5cd401e-38a9-46af-bd8d-27a65ccddff8", 0 },
        { "sig-bash-SIGTERM", 143, "Failed", "signaled", 1, 1, 100, null, 0, 0, null, "58c1a453-7a55-43ce-a28d-2c53d2abecbc", 0 },
        { "sig-hang-SIGINT", 0, "Failed", "interrupted", 0, 0, null, null, null, null, null, "9f470632-7e06-4e22-bc9e-150e8b0a05fe", 0 },
        { "sj-basic", 0, "Completed", "success", 2, 0, 200, 40, 0, 0, "0.0016", "809a35a1-d6a8-4286-93f2-df77cf1e5df3", 0 },
        { "sj-ctl", 0, "Completed", "success", 2, 0, 200, 40, 0, 0, "0.001", "d25700b9-7edd-4428-8b29-88b736fd6b30", 0 },
        { "sj-followup2", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "420904b4-5de0-4dbb-9a4b-008c79968a21", 0 },
        { "sj-interrupt-hang", 1, "Failed", "interrupted", 0, 0, 0, 0, 0, 0, "0", "156b4db4-2c8b-42ae-9338-237b4ad5169b", 0 },
        { "sj-interrupt-idle", 0, "Completed", "success", 1, 0, 100, 20, 0, 0, "0.0008", "e6983d2c-4167-45a4-93bb-fd022dce6aca", 0 },
        { "sj-perm-allow", 0, "Completed", "success", 2, 1, 200, 40, 0, 0, "0.0016", "22e63edf-df8c-469d-a861-4c4a47051792", 0 },
        { "sse529b", 1, "Failed", "overloaded", 0, 0, 0, 0, 0, 0, "0", "61d3be69-75d1-450f-99f1-4ee72cb904cb", 0 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_recorded_stream_gives_the_outcome_and_numbers_worked_out_by_hand(
        string name, int exitCode, string status, string reason, int? turns, int? toolCalls,
        long? input, long? output, long? cacheRead, long? cacheCreation, string? cost, string? session, int denials)
    {
        using var stream = new MemoryStream(Transcript.Bytes(name));

        var result = StreamReplay.Run(stream, AgentCatalog.Shipped().Find("claude")!, exitCode, At);

        Assert.Equal(
            new ReplayResult
            {
                Agent = "claude",
                Status = status,
                Reason = reason,
                ReasonText = result.ReasonText,
                Turns = turns,
                ToolCalls = toolCalls,
                InputTokens = input,
                OutputTokens = output,
                CacheReadTokens = cacheRead,
                CacheCreationTokens = cacheCreation,
                CostUsd = cost is null ? null : decimal.Parse(cost),
                SessionId = session,
                PermissionDenials = denials,
            },
            result);
        Assert.NotEmpty(result.ReasonText);
    }

    [Fact]
    public void The_table_has_every_recorded_stream() =>
        Assert.Equal(Transcript.Names, Table.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_recorded_stream_is_known_as_claudes() =>
        Assert.All(Transcript.Names, name => Assert.Equal("claude", StreamReplay.Guess(Transcript.Bytes(name))));

    [Fact]
    public void A_stream_without_a_result_is_never_a_success_whatever_the_exit_code()
    {
        string[] names = ["err401", "hang-default", "sig-bash-SIGKILL", "sig-bash-SIGTERM", "sig-hang-SIGINT"];
        foreach (var name in names)
        {
            foreach (var code in new int?[] { null, 0, 1, 143, -9, -15 })
            {
                using var stream = new MemoryStream(Transcript.Bytes(name));
                Assert.Equal("Failed", StreamReplay.Run(stream, AgentCatalog.Shipped().Find("claude")!, code, At).Status);
            }
        }
    }
}
