namespace Orleans.Workflows.Admission.Holds;

/// <summary>A hold as admission keeps it.</summary>
/// <param name="Since">When it was put.</param>
/// <param name="Until">When it ends by itself; null: never.</param>
internal sealed record HoldRule(HoldSubject Subject, HoldSource Source, string Reason, string Caller, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>Whose name stands at what the service does by itself.</summary>
    public const string Service = "service";

    /// <summary>A person's word goes before the service's own, and the service's later one before its earlier.</summary>
    public bool YieldsTo(HoldRule other) => other.Source is HoldSource.Operator || (Source is not HoldSource.Operator && other.Until >= Until);

    public HoldSpec ToSpec() => new()
    {
        Dimension = Subject.Dimension,
        Key = Subject.Key.Length == 0 ? null : Subject.Key,
        Label = Subject.Label,
        Reason = Reason,
        Until = Until,
    };
}
