using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Cli.Client;

/// <summary>The shapes that cross the wire. What is null is not sent: the server refuses fields that it does not know.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(RunIdConverter)])]
[JsonSerializable(typeof(StartRunRequest))]
[JsonSerializable(typeof(ContinueRunRequest))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(CleanupBody))]
[JsonSerializable(typeof(QueueBody))]
[JsonSerializable(typeof(LimitBody))]
[JsonSerializable(typeof(LimitInfo))]
[JsonSerializable(typeof(ItemList<LimitInfo>))]
[JsonSerializable(typeof(ItemList<LimitChange>))]
[JsonSerializable(typeof(ItemList<LockInfo>))]
[JsonSerializable(typeof(HoldBody))]
[JsonSerializable(typeof(HoldReleaseBody))]
[JsonSerializable(typeof(HoldInfo))]
[JsonSerializable(typeof(ItemList<HoldInfo>))]
[JsonSerializable(typeof(ItemList<HoldChange>))]
[JsonSerializable(typeof(RunExplanation))]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunOutcome))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(ProblemInfo))]
[JsonSerializable(typeof(CleanupInfo))]
[JsonSerializable(typeof(WorkflowList))]
[JsonSerializable(typeof(WorkflowListing))]
[JsonSerializable(typeof(ItemList<QueueInfo>))]
[JsonSerializable(typeof(QueueInfo))]
[JsonSerializable(typeof(ItemList<NodeInfo>))]
[JsonSerializable(typeof(NodeLossBody))]
[JsonSerializable(typeof(NodeLossAnswer))]
[JsonSerializable(typeof(ItemList<UsageTotals>))]
[JsonSerializable(typeof(ItemList<AttemptInfo>))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(NoteBody))]
[JsonSerializable(typeof(ScheduleListing))]
[JsonSerializable(typeof(ItemList<ScheduleListing>))]
[JsonSerializable(typeof(TriggerOutcome))]
[JsonSerializable(typeof(BatchBody))]
[JsonSerializable(typeof(BatchListing))]
[JsonSerializable(typeof(BatchPage))]
internal sealed partial class ApiJson : JsonSerializerContext;
