using Orleans.Serialization;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>
/// Sends every argument, every answer and every exception of a grain call through the wire format and back. Within one silo Orleans passes
/// objects as they are, so what can't travel between silos would be found in production only.
/// </summary>
internal sealed class WireCheck(Serializer serializer) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        for (var i = 0; i < context.Request.GetArgumentCount(); i++)
        {
            Check(context.Request.GetArgument(i));
        }

        try
        {
            await context.Invoke();
        }
        catch (Exception exception)
        {
            Check(exception);
            throw;
        }

        Check(context.Result);
    }

    private void Check(Exception exception)
    {
        var arrived = serializer.Deserialize<object>(serializer.SerializeToArray<object>(exception)) as Exception;
        if (arrived?.GetType() != exception.GetType() || arrived.Message != exception.Message)
        {
            throw new InvalidOperationException($"{exception.GetType()} can't leave its grain: it arrives as {arrived}.", exception);
        }
    }

    private void Check(object? value)
    {
        if (value is not (null or CancellationToken or IAddressable))
        {
            serializer.Deserialize<object>(serializer.SerializeToArray(value));
        }
    }
}
