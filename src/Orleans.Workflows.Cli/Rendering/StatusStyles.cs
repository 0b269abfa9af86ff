using Orleans.Workflows.Runs;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

internal static class StatusStyles
{
    public static Text ToText(RunStatus status) => new(status.ToString(), Of(status));

    public static Style Of(RunStatus status) => status switch
    {
        RunStatus.Completed => Color.Green,
        RunStatus.Failed or RunStatus.TimedOut or RunStatus.Expired => Color.Red,
        RunStatus.Canceled or RunStatus.Terminated or RunStatus.Canceling => Color.Yellow,
        RunStatus.Running or RunStatus.Starting => Color.Blue,
        _ => Style.Plain,
    };
}
