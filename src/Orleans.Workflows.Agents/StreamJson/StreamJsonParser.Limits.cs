namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Lines about a model that does not answer at once: retries and rate limits.</summary>
internal sealed partial class StreamJsonParser
{
    // {"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"retry_delay_ms":518,"error_status":429,"error":"rate_limit"}
    private void OnRetry(ReadOnlySpan<byte> json, AgentEventBatch sink)
    {
        BeginTurn();
        int? attempt = null, most = null, status = null;
        long? delay = null;
        string? error = null;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("attempt"u8))
            {
                attempt = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("max_retries"u8))
            {
                most = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("retry_delay_ms"u8))
            {
                delay = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("error_status"u8))
            {
                status = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("error"u8))
            {
                error = properties.Text(200);
            }
        }

        State.Phase = AgentPhase.Retrying;
        State.RetryingOn = ServiceError.Code(status, error);
        State.RetryDelayMs = delay;
        sink.Events.Add(new ModelRetry(attempt, most, delay, status, error));
    }

    private void OnRateLimit(in StreamLine line, AgentEventBatch sink)
    {
        string? status = null, kind = null;
        long? resetsAt = null;
        double? utilization = null;
        var properties = new JsonObject(line.Json);
        while (properties.Next())
        {
            if (!properties.Is("rate_limit_info"u8))
            {
                continue;
            }

            var info = new JsonObject(properties.Raw);
            while (info.Next())
            {
                if (info.Is("status"u8))
                {
                    status = info.Text(200);
                }
                else if (info.Is("rateLimitType"u8))
                {
                    kind = info.Text(200);
                }
                else if (info.Is("resetsAt"u8))
                {
                    resetsAt = JsonText.Count(info.Reader);
                }
                else if (info.Is("utilization"u8))
                {
                    utilization = JsonText.Fraction(info.Reader);
                }
            }
        }

        State.LimitResetsAt = status == "rejected" ? resetsAt : null;
        sink.Events.Add(new RateLimitSeen(status, kind, resetsAt, utilization));
    }
}
