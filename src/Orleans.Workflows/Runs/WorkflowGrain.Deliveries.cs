namespace Orleans.Workflows.Runs;

/// <summary>Messages on their way to the agent.</summary>
internal sealed partial class WorkflowGrain
{
    private const int DeliveryTries = 6;

    /// <summary>
    /// Until the node took it, or it is not wanted there any more. What is lost on the node's side is handed over again when
    /// the attempt is followed anew, or when the agent waits for more input; the supervisor writes each message once.
    /// </summary>
    private async Task DeliverAsync(RunEffect.Deliver deliver)
    {
        for (var tries = 1; _state?.Attempt?.Number == deliver.Attempt && _state.Inbox.Any(command => command.Id == deliver.Message.Id); tries++)
        {
            try
            {
                await nodes.DeliverAsync(deliver.Node, Id, deliver.Attempt, deliver.Message.Id, deliver.Message.Text ?? "");
                return;
            }
            catch (Exception) when (tries < DeliveryTries)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 << (tries - 1)), time);
            }
        }
    }
}
