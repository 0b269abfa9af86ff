namespace Orleans.Workflows.Hosting;

/// <summary>How silos find each other. Nothing listens beyond loopback unless an address is set.</summary>
public sealed class WorkflowsClusterOptions
{
    /// <summary>Names the cluster; silos of one cluster share it and the database. Default <c>workflows</c>.</summary>
    public string ClusterId { get; set; } = "workflows";

    /// <summary>Keys stored rows; never change it. Default <c>workflows</c>.</summary>
    public string ServiceId { get; set; } = "workflows";

    /// <summary>The address that other silos reach this one at. Default loopback.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port between silos; 0 takes a free one, the same at each start if it still is free. Default 0.</summary>
    public int SiloPort { get; set; }
}
