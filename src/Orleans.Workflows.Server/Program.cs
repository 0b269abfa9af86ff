using Orleans.Workflows.Server;

try
{
    await using var app = await ServerApplication.BuildAsync(args);
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IOException)
{
    // What is wrong with the settings or the machine, with its remedy; a stack would hide it.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
