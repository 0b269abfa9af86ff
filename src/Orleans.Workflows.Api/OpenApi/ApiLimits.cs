using Microsoft.OpenApi;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Api.Cleanup;
using Orleans.Workflows.Api.Holds;
using Orleans.Workflows.Api.Limits;
using Orleans.Workflows.Api.Queues;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Api.Schedules;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Api.OpenApi;

/// <summary>What a type alone can't say of a request's fields: bounds and meaning. The checks themselves are where the requests are taken.</summary>
internal static class ApiLimits
{
    private static readonly (string Field, string Description, string? Minimum, string? Maximum, int? MaxLength)[] Continuation =
    [
        ("message", "What to do next; null: 'Continue.', or for a retry the same prompt again.", null, null, RunRequests.MessageLimit),
        ("maxTurns", "Turns.", "1", "1000", null),
        ("timeoutSeconds", "Seconds from the first start.", "1", "86400", null),
        ("budgetUsd", "US dollars.", "0.000001", "10000", null),
        ("memoryLimitBytes", "Bytes that the processes of one attempt may use together, within what the nodes allow. Default: as the run before.", "16777216", "17592186044416", null),
    ];

    private static readonly Dictionary<Type, (string Field, string Description, string? Minimum, string? Maximum, int? MaxLength)[]> Fields = new()
    {
        [typeof(StartRunRequest)] =
        [
            ("workflow", "Name of a workflow; null for an ad-hoc run.", null, null, 63),
            ("agent", "Agent of an ad-hoc run: claude, command, scripted.", null, null, 63),
            ("message", "What to do, in words.", null, null, RunRequests.MessageLimit),
            ("input", "An object that fits the workflow's input schema; at most 1 MB.", null, null, null),
            ("maxTurns", "Turns.", "1", "1000", null),
            ("timeoutSeconds", "Seconds from the first start; default: the workflow's.", "1", "86400", null),
            ("attemptTimeoutSeconds", "Seconds that one attempt may run; then it is ended, and the workflow's retry policy says what follows. Default: the workflow's.", "1", "86400", null),
            ("memoryLimitBytes", "Bytes that the processes of one attempt may use together, within what the nodes allow; beyond them it is ended. Default: the workflow's, or else the node's.", "16777216", "17592186044416", null),
            ("startAt", "Not before this instant, with its offset, at most 365 days ahead; until then it is Scheduled. In the past: at once.", null, null, null),
            ("startAfterSeconds", "The same in seconds from its acceptance; not beside startAt.", "0", "31536000", null),
            ("queueTimeoutSeconds", "Seconds that it may wait for a slot, from when it is due to start; null: for ever.", "1", "604800", null),
            ("model", "The agent's name of a model.", null, null, RunRequests.NameLimit),
            ("budgetUsd", "US dollars.", "0.000001", "10000", null),
            ("environment", "Plain values for the agent's environment, at most 64; never secrets.", null, null, null),
            ("repository", "A local git repository: the run works in a worktree of its own. Fills input.repository, if the workflow's schema has that.", null, null, 4096),
            ("baseBranch", "What the worktree starts from. Fills input.baseBranch, as above.", null, null, 255),
            ("branch", "Name of the worktree's new branch. Fills input.branch, as above.", null, null, 255),
            ("directory", "An existing directory to work in. Fills input.directory, as above.", null, null, 4096),
            ("queue", "The queue to wait in.", null, null, 63),
            ("priority", "1, the first, to 5. Default: the workflow's, or else 3. Who waits rises.", "1", "5", null),
            ("tenant", "For whom it is: limits may count by it.", null, null, RunRequests.NameLimit),
            ("fairnessKey", "Runs of one priority with different keys take turns. Default: the tenant.", null, null, RunRequests.NameLimit),
            ("locks", "Names of what it works on, each Exclusive or Shared, at most 16 with the workflow's: it starts when all are free and keeps them to its end.", null, null, null),
            ("needs", "Labels that a node must have to run it, at most 16 with the workflow's: it waits until one with all of them has a slot.", null, null, null),
            ("labels", "At most 32; names and values of at most 128 characters.", null, null, null),
            ("command", "Program and arguments of an ad-hoc 'command' run, at most 256.", null, null, null),
            ("options", "Options of the agent, at most 64.", null, null, null),
        ],
        [typeof(ContinueRunRequest)] = Continuation,
        [typeof(MessageRequest)] = [("text", "The message.", null, null, RunRequests.MessageLimit), ("id", "Makes a repeat a no-op.", null, null, null)],
        [typeof(CancelRequest)] = [("reason", "Why.", null, null, RunCommandsEndpoints.ReasonLimit)],
        [typeof(ReleaseRequest)] = [("reason", "Why.", null, null, RunCommandsEndpoints.ReasonLimit)],
        [typeof(PauseRequest)] = [("reason", "Why.", null, null, RunCommandsEndpoints.ReasonLimit)],
        [typeof(ResumeRequest)] = [("reason", "Why.", null, null, RunCommandsEndpoints.ReasonLimit)],
        [typeof(TerminateRequest)] = [("reason", "Why.", null, null, RunCommandsEndpoints.ReasonLimit), ("waitSeconds", "How long to wait for the proof of the end; default 20.", "0", "60", null)],
        [typeof(CleanupRunsRequest)] =
        [
            ("run", "Only this run's; null: every run's.", null, null, null),
            ("olderThanHours", "Only what was not used for so long.", "0", "87600", null),
            ("dryRun", "Only say what would be done. Default true.", null, null, null),
            ("force", "Also work that is neither merged nor pushed. Default false.", null, null, null),
        ],
        [typeof(LimitRequest)] =
        [
            ("dimension", "What it counts by.", null, null, null),
            ("measure", "What it counts. Default Concurrency.", null, null, null),
            ("value", "At most so many: whole, but for CostUsd, and at most 1000000, but for Tokens; 0 lets nobody start, null lifts what a less specific limit says.", "0", "1000000000000", null),
            ("key", "A key, a beginning with a star behind, or a star (default): every key.", null, null, SubjectChecks.KeyLimit),
            ("label", "The label's name, of the dimension Label.", null, null, RunRequests.NameLimit),
            ("periodSeconds", "Of the measures Starts, Tokens and CostUsd.", "1", "86400", null),
            ("reject", "A new run that would have to wait for it is refused (429). Default false: it waits.", null, null, null),
            ("shared", "All keys that match count together. Default false: each has the whole value.", null, null, null),
            ("note", "Why; kept with the change.", null, null, LimitStore.NoteLimit),
        ],
        [typeof(HoldRequest)] =
        [
            ("dimension", "What it is about.", null, null, null),
            ("key", "Which one; of Service there is none.", null, null, SubjectChecks.KeyLimit),
            ("label", "The label's name, of the dimension Label.", null, null, RunRequests.NameLimit),
            ("reason", "Why: whoever waits is told so.", null, null, HoldStore.ReasonLimit),
            ("until", "When it ends by itself, in the future. Default: when it is released.", null, null, null),
        ],
        [typeof(HoldReleaseRequest)] =
        [
            ("dimension", "What it is about.", null, null, null),
            ("key", "Which one; of Service there is none.", null, null, SubjectChecks.KeyLimit),
            ("label", "The label's name, of the dimension Label.", null, null, RunRequests.NameLimit),
            ("note", "Why; kept with the change.", null, null, HoldStore.ReasonLimit),
        ],
        [typeof(ScheduleRequest)] =
        [
            ("spec", "When it is due: 'cron' or 'intervalSeconds'.", null, null, null),
            ("run", "What each due time starts, as for POST /runs.", null, null, null),
            ("overlap", "What a due time does while an earlier run has not ended. Default Skip.", null, null, null),
            ("catchUpWindowSeconds", "How late a start may be; what is older is missed. Default 86400.", "10", "31536000", null),
            ("paused", "Null leaves it as it is.", null, null, null),
            ("note", "For people; null leaves it as it is.", null, null, ScheduleStore.NoteLimit),
        ],
        [typeof(BatchRequest)] =
        [
            ("operation", "What is asked of each run.", null, null, null),
            ("filter", "Which runs, by the conditions of the list of runs, combined by and; at least one.", null, null, null),
            ("reason", "Why; kept with the batch, and with each run but for a retry.", null, null, BatchStore.ReasonLimit),
        ],
        [typeof(NoteRequest)] = [("note", "Why; kept with the schedule. Null leaves it as it is.", null, null, ScheduleStore.NoteLimit)],
        [typeof(QueueRequest)] = [("limit", "Attempts at once; null: no limit but the nodes'.", "1", "100000", null)],
    };

    public static void Tell(Type type, OpenApiSchema schema)
    {
        foreach (var (field, description, minimum, maximum, maxLength) in Fields.GetValueOrDefault(type, []))
        {
            if (schema.Properties?.TryGetValue(field, out var found) == true && found is OpenApiSchema property)
            {
                (property.Description, property.Minimum, property.Maximum, property.MaxLength) = (description, minimum, maximum, maxLength);
            }
        }
    }
}
