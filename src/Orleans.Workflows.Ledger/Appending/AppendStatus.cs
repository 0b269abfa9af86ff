namespace Orleans.Workflows.Ledger.Appending;

public enum AppendStatus
{
    /// <summary>Durable.</summary>
    Committed = 1,

    /// <summary>The run is not at the version that the append builds on (or, for an insert, already stands).</summary>
    VersionConflict = 2,

    /// <summary>The grant was given under an admission epoch that is over.</summary>
    StaleEpoch = 3,

    /// <summary>The idempotency key is claimed: <see cref="AppendResult.Existing"/> says by what.</summary>
    KeyClaimed = 4,

    /// <summary>A constraint or trigger refused it: a broken rule, named in <see cref="AppendResult.Error"/>. Never retried as it is.</summary>
    Rejected = 5,

    /// <summary>Another non-terminal run holds the session.</summary>
    SessionBusy = 6,
}
