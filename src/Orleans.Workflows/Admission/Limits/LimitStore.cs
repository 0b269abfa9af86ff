using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using static System.FormattableString;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>The limits as callers ask for them: checks everything first, then has admission make it durable.</summary>
public sealed class LimitStore(IGrainFactory grains, ILedger ledger)
{
    /// <summary>Characters of a note.</summary>
    public const int NoteLimit = 1_000;

    public const decimal MostValue = 1_000_000;

    public const decimal MostTokens = 1_000_000_000_000;

    /// <summary>Bounds of a period, in seconds.</summary>
    public const double LeastPeriod = 1, MostPeriod = 86_400;

    /// <summary>Changes of one limit that are shown.</summary>
    public const int MostHistory = 200;

    private IAdmissionGrain Admission => grains.GetGrain<IAdmissionGrain>(0);

    public Task<IReadOnlyList<LimitInfo>> ListAsync() => Admission.GetLimitsAsync();

    /// <summary>Creates a limit or changes it whole. What is refused changes nothing; the same again is a no-op.</summary>
    public Task<LimitResult> PutAsync(string name, LimitSpec spec, StartContext context, string? note = null) =>
        (CheckName(name) ?? Check(spec) ?? RunRequests.CheckText("note", note, NoteLimit)) is { } failure
            ? Task.FromResult(new LimitResult(null, failure))
            : Admission.PutLimitAsync(new() { Name = name, Spec = spec with { Key = spec.Key ?? "*" }, Caller = context.Caller, CorrelationId = context.CorrelationId, Note = note });

    public Task<LimitResult> RemoveAsync(string name, StartContext context, string? note = null) =>
        (CheckName(name) ?? RunRequests.CheckText("note", note, NoteLimit)) is { } failure
            ? Task.FromResult(new LimitResult(null, failure))
            : Admission.PutLimitAsync(new() { Name = name, Caller = context.Caller, CorrelationId = context.CorrelationId, Note = note });

    /// <summary>Who changed it, to what, and why; the last change first.</summary>
    public async Task<IReadOnlyList<LimitChange>> HistoryAsync(string name, CancellationToken cancellationToken = default) =>
        [.. (await ledger.ReadRuleHistoryAsync(RuleKind.Limit, name, MostHistory, cancellationToken)).Select(Change)];

    internal static Failure? Check(LimitSpec spec) =>
        SubjectChecks.Dimension(spec.Dimension) is { } unknown ? unknown
        : spec.Dimension is LimitDimension.Node ? Failure.Invalid("dimension", "A node's slots are its own setting.", "Set Workflows:Execution:Slots there; to keep runs from it, hold it.")
        : !Enum.IsDefined(spec.Measure) ? SubjectChecks.Unknown<LimitMeasure>("measure")
        : CheckValue(spec) ?? CheckKey(spec) ?? SubjectChecks.Label(spec.Dimension, spec.Label) ?? CheckPeriod(spec);

    // A queue's own limit has the queue's name in its name.
    private static Failure? CheckName(string name) => RunRequests.CheckName("name", name.Length > 63 && name.StartsWith("queue-", StringComparison.Ordinal) ? name["queue-".Length..] : name);

    private static Failure? CheckValue(LimitSpec spec)
    {
        var most = spec.Measure is LimitMeasure.Tokens ? MostTokens : MostValue;
        return spec.Value < 0 || spec.Value > most
            ? Failure.Invalid("value", Invariant($"'value' is {spec.Value}; it must be between 0 and {most}."), "Choose a value in these bounds, or null to lift what a less specific limit says.")
            : spec.Value is { } value && value != decimal.Truncate(value) && spec.Measure is not LimitMeasure.CostUsd
            ? Failure.Invalid("value", Invariant($"'value' is {value}; of the measure {spec.Measure} it must be whole."), "Leave out what is behind the point.")
            : null;
    }

    private static Failure? CheckKey(LimitSpec spec) =>
        spec.Key is "" ? Failure.Invalid("key", "'key' is empty.", "Name a key, a beginning like 'acme/*', or leave it out for every key.")
        : spec.Key?.IndexOf('*') is { } star && star >= 0 && star < spec.Key.Length - 1 ? Failure.Invalid("key", "'key' has a star that is not its last character.", "Put the star at the end: 'acme/*'.")
        : spec is { Dimension: LimitDimension.Service, Key: not (null or "*") } ? Failure.Invalid("key", "The whole service has no keys.", "Leave 'key' out.")
        : RunRequests.CheckText("key", spec.Key, SubjectChecks.KeyLimit);

    private static Failure? CheckPeriod(LimitSpec spec) => (spec.Measure is LimitMeasure.Starts or LimitMeasure.Tokens or LimitMeasure.CostUsd, spec.PeriodSeconds) switch
    {
        (true, null) => Failure.Invalid("periodSeconds", $"A limit on {(spec.Measure is LimitMeasure.Starts ? "starts" : spec.Measure is LimitMeasure.Tokens ? "tokens" : "money")} has no period.", "Say in how many seconds so many may be."),
        (true, < LeastPeriod or > MostPeriod or double.NaN) => Failure.Invalid("periodSeconds", $"'periodSeconds' is {spec.PeriodSeconds}; it must be between {LeastPeriod} and {MostPeriod}.", "Choose a value in these bounds."),
        (false, not null) => Failure.Invalid("periodSeconds", $"'periodSeconds' does not go with the measure {spec.Measure}.", "Leave it out, or use the measure Starts, Tokens or CostUsd."),
        _ => null,
    };

    private static LimitChange Change(RuleRow row) => new(row.Version, LimitRows.Spec(row), row.At, row.Caller, row.CorrelationId, row.Note);
}
