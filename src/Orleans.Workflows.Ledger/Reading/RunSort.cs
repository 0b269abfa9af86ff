namespace Orleans.Workflows.Ledger.Reading;

public enum RunSort
{
    /// <summary>By acceptance.</summary>
    Created = 1,

    /// <summary>By time from start to end; runs without one come last.</summary>
    Duration = 2,

    /// <summary>By cost; unknown comes last.</summary>
    Cost = 3,
}
