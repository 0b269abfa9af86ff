using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>The filters, order and page of a list, from its query string.</summary>
internal static class RunListQuery
{
    private const int Most = 500;
    private const int Standard = 50;

    private static readonly (string Name, RunStatus Value)[] Statuses = [.. Enum.GetValues<RunStatus>().Select(status => (status.ToString(), status))];
    private static readonly (string Name, RunSort Value)[] Sorts = [("created", RunSort.Created), ("duration", RunSort.Duration), ("cost", RunSort.Cost)];
    private static readonly (string Name, bool Value)[] Orders = [("desc", true), ("asc", false)];

    public static ApiOperation Operation { get; } = new()
    {
        Id = "listRuns",
        Tag = "runs",
        Summary = "Runs by filter, sorted, page by page",
        Description = "Filters are combined by and; a repeated status is any of them; repeated labels must all be there.",
        Parameters =
        [
            ApiParameter.ManyChoices("status", "Repeatable, or separated by commas.", Statuses.Select(status => status.Name)),
            ApiParameter.Text("workflow", "A workflow's name."),
            ApiParameter.Text("queue", "A queue's name."),
            ApiParameter.Text("caller", "Who started it."),
            ApiParameter.Formatted("session", "uuid", "The session's id."),
            ApiParameter.Text("branch", "The run's branch."),
            ApiParameter.Text("reason", "A reason's code."),
            ApiParameter.Text("node", "The node of the latest attempt, or the one that the run waits for."),
            ApiParameter.Flag("leaked", null, "Whether an attempt has processes that could not be ended."),
            ApiParameter.ManyTexts("label", "key:value; repeatable."),
            ApiParameter.Formatted("createdFrom", "date-time", "Accepted at or after."),
            ApiParameter.Formatted("createdTo", "date-time", "Accepted before."),
            ApiParameter.Choice("sort", "created", "What to sort by; unknown comes last.", Sorts.Select(sort => sort.Name)),
            ApiParameter.Choice("order", "desc", "Which end first.", Orders.Select(order => order.Name)),
            ApiParameter.Text("cursor", "The 'nextCursor' of the page before."),
            ApiParameter.Number("limit", 1, Most, Standard, "Runs a page."),
            ApiParameter.Flag("total", true, "Count all that match."),
        ],
        Answers = [new(200, "A page of runs, without their results.", typeof(RunPageDocument))],
        Problems = [400],
    };

    public static (RunQuery Query, Failure? Failure) Read(HttpRequest request)
    {
        var query = new QueryReader(request);
        return (new()
        {
            Statuses = query.Choices<RunStatus>("status", Statuses),
            Workflow = query.Text("workflow"),
            Queue = query.Text("queue"),
            Caller = query.Text("caller"),
            SessionId = query.Uuid("session"),
            Branch = query.Text("branch"),
            ReasonCode = query.Text("reason"),
            Node = query.Text("node"),
            Leaked = query.Flag("leaked"),
            Labels = Labels(query),
            CreatedFrom = query.Time("createdFrom"),
            CreatedTo = query.Time("createdTo"),
            Sort = query.Choice<RunSort>("sort", Sorts) ?? RunSort.Created,
            Descending = query.Choice<bool>("order", Orders) ?? true,
            Cursor = query.Text("cursor"),
            Limit = (int)(query.Integer("limit", 1, Most) ?? Standard),
            WithTotal = query.Flag("total") ?? true,
        }, query.Failure);
    }

    private static Dictionary<string, string> Labels(QueryReader query)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in query.All("label"))
        {
            var colon = label!.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !labels.TryAdd(label[..colon], label[(colon + 1)..]))
            {
                query.Refuse(Failure.Invalid("label", "A label is not key:value, or its key is there twice.", "Use label=key:value, once for each key."));
            }
        }

        return labels;
    }
}
