using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Api.Batches;
using Orleans.Workflows.Api.Cleanup;
using Orleans.Workflows.Api.Health;
using Orleans.Workflows.Api.Holds;
using Orleans.Workflows.Api.Limits;
using Orleans.Workflows.Api.Nodes;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Queues;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Api.Schedules;
using Orleans.Workflows.Api.Workflows;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Api.Json;

/// <summary>
/// The shapes of answers and of the API's own requests: camel case, statuses by name, times in UTC. Nulls are written, so
/// that what is unknown is seen; fields may be added.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    Converters = [typeof(RunIdJsonConverter), typeof(UtcTimeJsonConverter), typeof(EnumNameConverter<LimitDimension>), typeof(EnumNameConverter<LimitMeasure>)])]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunSurroundings))]
[JsonSerializable(typeof(RunPageDocument))]
[JsonSerializable(typeof(RunResultDocument))]
[JsonSerializable(typeof(ListDocument<AttemptDocument>))]
[JsonSerializable(typeof(UsageDocument))]
[JsonSerializable(typeof(ListDocument<AuditDocument>))]
[JsonSerializable(typeof(EventPageDocument))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(CancelRequest))]
[JsonSerializable(typeof(TerminateRequest))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(ResumeRequest))]
[JsonSerializable(typeof(CleanupRunsRequest))]
[JsonSerializable(typeof(CleanupDocument))]
[JsonSerializable(typeof(WorkflowListDocument))]
[JsonSerializable(typeof(WorkflowDocument))]
[JsonSerializable(typeof(ListDocument<QueueInfo>))]
[JsonSerializable(typeof(QueueRequest))]
[JsonSerializable(typeof(ListDocument<LimitInfo>))]
[JsonSerializable(typeof(ListDocument<LimitChange>))]
[JsonSerializable(typeof(LimitRequest))]
[JsonSerializable(typeof(ListDocument<LockInfo>))]
[JsonSerializable(typeof(ListDocument<HoldInfo>))]
[JsonSerializable(typeof(ListDocument<HoldChange>))]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(HoldReleaseRequest))]
[JsonSerializable(typeof(RunExplanation))]
[JsonSerializable(typeof(ListDocument<UsageTotals>))]
[JsonSerializable(typeof(ListDocument<NodeInfo>))]
[JsonSerializable(typeof(NodeLossRequest))]
[JsonSerializable(typeof(NodeLossDocument))]
[JsonSerializable(typeof(ListDocument<ScheduleDocument>))]
[JsonSerializable(typeof(TriggerDocument))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(BatchDocument))]
[JsonSerializable(typeof(BatchPageDocument))]
[JsonSerializable(typeof(HealthDocument))]
public sealed partial class ApiJson : JsonSerializerContext
{
    private static ApiJson? _answers;

    /// <summary>For answers: text is not escaped beyond what JSON asks for, as it is never put into a page.</summary>
    // Not initialised here: the generated half of this class may not have been yet.
    internal static ApiJson Answers => _answers ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
