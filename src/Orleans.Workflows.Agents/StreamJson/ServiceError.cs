using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Which reason a failure of the model's service is, from its HTTP status and the agent's name for it.</summary>
internal static class ServiceError
{
    public static string Code(int? status, string? error) => (status, error) switch
    {
        (401 or 402 or 403, _) => ReasonCodes.Authentication,
        (429, _) => ReasonCodes.RateLimited,
        (529, _) => ReasonCodes.Overloaded,
        (_, "authentication_failed" or "authentication_error" or "permission_error" or "billing_error" or "oauth_org_not_allowed") => ReasonCodes.Authentication,
        (_, "rate_limit" or "rate_limit_error") => ReasonCodes.RateLimited,
        (_, "overloaded" or "overloaded_error") => ReasonCodes.Overloaded,
        _ => ReasonCodes.ApiError,
    };

    /// <summary>The same request may be answered later: the service, not the request, was at fault.</summary>
    public static bool IsPassing(string code, int? status) => code switch
    {
        ReasonCodes.RateLimited or ReasonCodes.Overloaded => true,
        ReasonCodes.ApiError => status is null or 408 or 409 or >= 500,
        _ => false,
    };
}
