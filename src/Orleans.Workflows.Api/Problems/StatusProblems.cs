using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.Api.Problems;

/// <summary>Problems that HTTP itself raises: no route, wrong method, wrong content type, a broken request.</summary>
internal static class StatusProblems
{
    public static ProblemDocument Of(HttpContext context, int status) => status switch
    {
        StatusCodes.Status404NotFound => new()
        {
            Status = status,
            Title = "There is no such thing.",
            Code = "route_not_found",
            Detail = "There is no resource at this path.",
            Field = "path",
            Remedy = "See /openapi/v1.json for what there is.",
        },
        StatusCodes.Status405MethodNotAllowed => new()
        {
            Status = status,
            Title = "The method is not allowed.",
            Code = "method_not_allowed",
            Detail = $"This resource can't be asked with {(context.Request.Method.Length <= 16 ? context.Request.Method : "this method")}.",
            Field = "method",
            Remedy = $"Use {(context.Response.Headers.Allow.Count > 0 ? context.Response.Headers.Allow.ToString() : "a method that /openapi/v1.json lists")}.",
        },
        StatusCodes.Status413PayloadTooLarge => TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType("The body's content type is not understood."),
        >= 500 => Internal(status),
        _ => new()
        {
            Status = status,
            Title = "The request is wrong.",
            Code = "bad_request",
            Detail = "The request can't be read.",
            Field = "request",
            Remedy = "Send a well-formed HTTP request with a complete body.",
        },
    };

    public static ProblemDocument ForeignHost() => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "The request is wrong.",
        Code = "foreign_host",
        Detail = "The service is not known by the name that the request asks for.",
        Field = "Host",
        Remedy = "Ask it by its address, or add the name to the setting Workflows:AllowedHosts.",
    };

    /// <summary>An executor: it listens for probes.</summary>
    public static ProblemDocument Misdirected() => new()
    {
        Status = StatusCodes.Status421MisdirectedRequest,
        Title = "This server does not answer that.",
        Code = "not_served_here",
        Detail = "This server runs agents and answers health alone (its setting Workflows:Node:Role is Executor).",
        Field = "Host",
        Remedy = "Ask a server of the same cluster whose role is Frontend or Both.",
    };

    public static ProblemDocument TooLarge() => new()
    {
        Status = StatusCodes.Status413PayloadTooLarge,
        Title = "The request is too large.",
        Code = "too_large",
        Detail = $"The body is larger than {Requests.RequestBody.Limit / (1024 * 1024)} MB.",
        Field = "body",
        Remedy = "Put large content into a file of the workspace and pass its path.",
    };

    public static ProblemDocument UnsupportedMediaType(string detail) => new()
    {
        Status = StatusCodes.Status415UnsupportedMediaType,
        Title = "The content type is not supported.",
        Code = "unsupported_media_type",
        Detail = detail,
        Field = "Content-Type",
        Remedy = "Send JSON in UTF-8, not compressed, with 'Content-Type: application/json'.",
    };

    /// <summary>Says nothing of what went wrong inside: that is in the log under the correlation id.</summary>
    public static ProblemDocument Internal(int status = StatusCodes.Status500InternalServerError) => new()
    {
        Status = status,
        Title = "The service failed.",
        Code = "internal",
        Detail = "Something unexpected happened; the log has it under this correlation id.",
        Remedy = "Tell whoever runs the service the correlation id.",
    };

    public static ProblemDocument Unavailable(string detail, TimeSpan retryAfter) =>
        ProblemDocument.From(Failures.Failure.Unavailable(detail, retryAfter));
}
