namespace Orleans.Workflows.Workflows;

/// <summary>What an input schema says of a placeholder.</summary>
internal enum PlaceholderFit
{
    /// <summary>Declared; absent at start, nothing stands in its place.</summary>
    Known,

    /// <summary>The schema allows it without declaring it: the run's input decides.</summary>
    Undecided,

    /// <summary>No valid input can have it.</summary>
    Unknown,
}
