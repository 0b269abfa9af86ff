using System.Text;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>The result line: not always the last, not always the only one, and its <c>type</c> may stand anywhere in it.</summary>
internal sealed partial class StreamJsonParser
{
    private void OnResult(in StreamLine line, AgentEventBatch sink)
    {
        var result = new TurnResult { Subtype = line.Subtype.IsEmpty ? null : Encoding.UTF8.GetString(line.Subtype) };
        int? agentTurns = null;
        decimal? cost = null;
        ReadOnlySpan<byte> models = default, usage = default, denials = default;
        var properties = new JsonObject(line.Json);
        while (properties.Next())
        {
            if (properties.Is("is_error"u8))
            {
                result = result with { IsError = JsonText.IsTrue(properties.Reader) };
            }
            else if (properties.Is("terminal_reason"u8))
            {
                result = result with { TerminalReason = properties.Text(200) };
            }
            else if (properties.Is("stop_reason"u8))
            {
                result = result with { StopReason = properties.Text(200) };
            }
            else if (properties.Is("api_error_status"u8))
            {
                result = result with { ApiErrorStatus = JsonText.SmallCount(properties.Reader) };
            }
            else if (properties.Is("api_error"u8))
            {
                result = result with { ApiError = properties.Text(200) };
            }
            else if (properties.Is("api_error_type"u8))
            {
                result = result with { ApiErrorType = properties.Text(200) };
            }
            else if (properties.Is("errors"u8))
            {
                result = result with { Errors = Join(properties.Raw) };
            }
            else if (properties.Is("startup_failure_reason"u8))
            {
                result = result with { StartupFailure = properties.Text(200) };
            }
            else if (properties.Is("result"u8))
            {
                result = result with { Text = properties.Text(TurnResult.TextLimit) };
            }
            else if (properties.Is("structured_output"u8))
            {
                result = result with { StructuredOutput = Output(properties) };
            }
            else if (properties.Is("num_turns"u8))
            {
                agentTurns = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("duration_api_ms"u8))
            {
                State.SessionApiMs = JsonText.Count(properties.Reader) ?? State.SessionApiMs;
            }
            else if (properties.Is("total_cost_usd"u8))
            {
                cost = JsonText.Dollars(properties.Reader);
            }
            else if (properties.Is("modelUsage"u8))
            {
                models = properties.Raw;
            }
            else if (properties.Is("usage"u8))
            {
                usage = properties.Raw;
            }
            else if (properties.Is("permission_denials"u8))
            {
                denials = properties.Raw;
            }
        }

        OnDenials(denials, sink);
        _usage.OnResult(RowId(line), models.IsEmpty ? TotalsWithoutModels(usage) : Totals(models), cost, sink);
        _tools.OnTurnEnded(result.IsError);
        State.AgentTurns = agentTurns is null ? State.AgentTurns : unchecked((State.AgentTurns ?? 0) + agentTurns);
        State.Results++;
        State.Result = TakesNothingBack(result) ? State.Result : result;
        State.TurnIsOpen = false;
        State.RetryingOn = null;
        State.Phase = AgentPhase.Result;
        sink.Events.Add(new TurnEnded(result.Subtype, result.IsError, result.TerminalReason, agentTurns, cost, Cut(result.Text ?? result.Errors)));
    }

    // An agent that is interrupted when its turn is over says so in a result of its own; what it finished stays finished.
    private bool TakesNothingBack(TurnResult result) =>
        !State.TurnIsOpen && State.Result is { IsError: false } && result.TerminalReason?.StartsWith("aborted", StringComparison.Ordinal) == true;

    // A run's attempts number their results alike, so the line's own id keeps their rows apart.
    private string RowId(in StreamLine line) =>
        $"result:{State.Results}:{(line.Uuid.IsEmpty ? IdHash.Of(line.Json).ToString("x16") : Encoding.UTF8.GetString(line.Uuid))}";

    private static List<KeyValuePair<string, TokenUsage>> Totals(ReadOnlySpan<byte> json)
    {
        var totals = new List<KeyValuePair<string, TokenUsage>>();
        var models = new JsonObject(json);
        while (models.Next())
        {
            totals.Add(KeyValuePair.Create(models.Name, ModelTotal(models.Raw)));
        }

        return totals;
    }

    // {"inputTokens":200,"outputTokens":40,"cacheReadInputTokens":0,"cacheCreationInputTokens":0,"costUSD":0.0016}
    private static TokenUsage ModelTotal(ReadOnlySpan<byte> json)
    {
        long? input = null, output = null, cacheRead = null, cacheCreation = null;
        decimal? cost = null;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("inputTokens"u8))
            {
                input = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("outputTokens"u8))
            {
                output = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("cacheReadInputTokens"u8))
            {
                cacheRead = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("cacheCreationInputTokens"u8))
            {
                cacheCreation = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("costUSD"u8))
            {
                cost = JsonText.Dollars(properties.Reader);
            }
        }

        return new TokenUsage { InputTokens = input, OutputTokens = output, CacheReadTokens = cacheRead, CacheCreationTokens = cacheCreation, CostUsd = cost };
    }

    // Without modelUsage a result tells only its own turn; the counters are then the sum over the turns.
    private List<KeyValuePair<string, TokenUsage>> TotalsWithoutModels(ReadOnlySpan<byte> json)
    {
        var totals = _usage.SessionModels is null ? new Dictionary<string, TokenUsage>() : new Dictionary<string, TokenUsage>(_usage.SessionModels);
        if (!json.IsEmpty)
        {
            var numbers = MessageNumbers.Read(json, withOutput: true);
            var turn = new TokenUsage { InputTokens = numbers.Input, OutputTokens = numbers.Output, CacheReadTokens = numbers.CacheRead, CacheCreationTokens = numbers.CacheCreation };
            var model = State.Model ?? "unknown";
            totals[model] = totals.GetValueOrDefault(model, TokenUsage.Unknown).Add(turn);
        }

        return [.. totals];
    }

    private void OnDenials(ReadOnlySpan<byte> json, AgentEventBatch sink)
    {
        var denials = new JsonArray(json);
        while (denials.Next())
        {
            OnDenied(denials.Raw, sink);
        }
    }

    private static string? Join(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        var errors = new JsonArray(json);
        while (errors.Next() && text.Length < AgentEvent.TextLimit)
        {
            text.Append(text.Length > 0 ? "; " : "").Append(JsonText.String(errors.Reader) ?? JsonText.Raw(errors.Raw));
        }

        return text.Length == 0 ? null : Cut(text.ToString());
    }

    // Cut JSON is no JSON: what is too long counts as not given, and the reason says so.
    private static string? Output(in JsonObject property) =>
        property.Reader.TokenType == System.Text.Json.JsonTokenType.Null || property.Raw.Length > TurnResult.TextLimit
            ? null
            : JsonText.Raw(property.Raw, TurnResult.TextLimit);

    private static string? Cut(string? text) => text?.Length > AgentEvent.TextLimit ? text[..AgentEvent.TextLimit] : text;
}
