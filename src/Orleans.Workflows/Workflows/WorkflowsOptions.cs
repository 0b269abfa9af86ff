namespace Orleans.Workflows.Workflows;

/// <summary>Where workflows come from.</summary>
public sealed class WorkflowsOptions
{
    /// <summary>Directories whose sub-folders are workflows. One here replaces a shipped one of the same name, even when it is broken; of two here, the first counts.</summary>
    public IList<string> Directories { get; } = [];

    /// <summary>The shipped workflows; null: none. Default: <c>shipped</c> beside the program.</summary>
    public string? ShippedDirectory { get; set; } = Path.Combine(AppContext.BaseDirectory, "shipped");

    /// <summary>Whether changes of files are picked up by themselves.</summary>
    public bool Watch { get; set; } = true;

    /// <summary>How long files must be quiet before they are read again.</summary>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromMilliseconds(300);
}
