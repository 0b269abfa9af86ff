using Orleans.Workflows.Server;

try
{
    await using var app = await ServerApplication.StartAsync(args);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OperationCanceledException)
{
    // Told to end before it had begun.
    return 0;
}
catch (Exception exception) when (StartFailure.IsExpected(exception))
{
    foreach (var fault in StartFailure.Explain(exception))
    {
        await Console.Error.WriteLineAsync(fault);
    }

    return 1;
}
