using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>The holds as callers ask for them: checks everything first, then has admission make it durable.</summary>
public sealed class HoldStore(IGrainFactory grains, ILedger ledger, TimeProvider time)
{
    /// <summary>Characters of a reason or a note.</summary>
    public const int ReasonLimit = 1_000;

    /// <summary>Changes of one hold that are shown.</summary>
    public const int MostHistory = 200;

    private IAdmissionGrain Admission => grains.GetGrain<IAdmissionGrain>(0);

    public Task<IReadOnlyList<HoldInfo>> ListAsync() => Admission.GetHoldsAsync();

    /// <summary>Puts a hold or changes it whole. What is refused changes nothing; the same again is a no-op.</summary>
    public Task<HoldResult> PutAsync(HoldSpec spec, StartContext context) =>
        (CheckSubject(spec.Dimension, spec.Key, spec.Label) ?? Check(spec)) is { } failure
            ? Task.FromResult(new HoldResult(null, failure))
            : Admission.PutHoldAsync(new() { Dimension = spec.Dimension, Key = spec.Key, Label = spec.Label, Spec = spec, Caller = context.Caller, CorrelationId = context.CorrelationId });

    /// <summary>Releases a hold, whoever put it. Of one that a circuit put, what it has seen is forgotten.</summary>
    public Task<HoldResult> ReleaseAsync(LimitDimension dimension, string? key, string? label, StartContext context, string? note = null) =>
        (CheckSubject(dimension, key, label) ?? RunRequests.CheckText("note", note, ReasonLimit)) is { } failure
            ? Task.FromResult(new HoldResult(null, failure))
            : Admission.PutHoldAsync(new() { Dimension = dimension, Key = key, Label = label, Caller = context.Caller, CorrelationId = context.CorrelationId, Note = note });

    /// <summary>Who held and released what, and why; the last change first.</summary>
    public async Task<(IReadOnlyList<HoldChange>? Changes, Failure? Failure)> HistoryAsync(LimitDimension dimension, string? key, string? label, CancellationToken cancellationToken = default) =>
        CheckSubject(dimension, key, label) is { } failure
            ? (null, failure)
            : ([.. (await ledger.ReadRuleHistoryAsync(RuleKind.Hold, HoldSubject.Of(dimension, label, key).Id, MostHistory, cancellationToken)).Select(Change)], null);

    private static Failure? CheckSubject(LimitDimension dimension, string? key, string? label) =>
        SubjectChecks.Dimension(dimension) ?? SubjectChecks.Label(dimension, label) ?? (dimension is LimitDimension.Service, key) switch
        {
            (true, not null) => Failure.Invalid("key", "The whole service has no keys.", "Leave 'key' out."),
            (false, null or "") => Failure.Invalid("key", "'key' is missing.", "Name what is to be held, or use the dimension Service for everything."),
            _ => RunRequests.CheckText("key", key, SubjectChecks.KeyLimit),
        };

    private Failure? Check(HoldSpec spec) =>
        string.IsNullOrWhiteSpace(spec.Reason) ? Failure.Invalid("reason", "'reason' is missing.", "Say why: whoever waits is told so.")
        : spec.Until <= time.GetUtcNow() ? Failure.Invalid("until", $"'until' ({spec.Until:O}) is not in the future.", "Choose a later time, or leave it out to hold until it is released.")
        : RunRequests.CheckText("reason", spec.Reason, ReasonLimit);

    private static HoldChange Change(RuleRow row)
    {
        var rule = HoldRows.Rule(row);
        return new(row.Version, rule?.ToSpec(), rule?.Source, row.At, row.Caller, row.CorrelationId, row.Note);
    }
}
