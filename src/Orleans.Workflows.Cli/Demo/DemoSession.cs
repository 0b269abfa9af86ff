using System.Text.Json;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>One demo from its server's start to its end.</summary>
internal sealed class DemoSession(CommandContext context, DemoOptions options)
{
    private readonly Terminal _terminal = context.Terminal;

    /// <summary>Answers the exit code: 0 only if every run completed.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var directory = new DemoDirectory(options);
        await using var server = await StartAsync(directory.Path, cancellationToken);
        using var api = new ApiClient(server.Address, _terminal.Time);
        var started = _terminal.Time.GetTimestamp();
        var runs = await WatchAsync(new DemoRuns(api, _terminal.Time), cancellationToken);
        Report(runs, server.Urls, _terminal.Time.GetElapsedTime(started));
        if (options.Keep)
        {
            await KeepAsync(server.Address, directory.Path, cancellationToken);
        }

        return runs.Count == options.Runs && runs.All(run => run.Status == RunStatus.Completed) ? ExitCodes.Ok : ExitCodes.RunNotCompleted;
    }

    private async Task<EmbeddedServer> StartAsync(string directory, CancellationToken cancellationToken)
    {
        // Stdout belongs to the demo. A console logger keeps the stream that it finds when it is made.
        var output = Console.Out;
        Console.SetOut(_terminal.Error);
        try
        {
            return await EmbeddedServer.StartAsync(directory, options.Limit, cancellationToken);
        }
        catch (Exception e) when (ServerFailure.IsExpected(e))
        {
            throw ServerFailure.Of(e);
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    private async Task<IReadOnlyList<RunInfo>> WatchAsync(DemoRuns demo, CancellationToken cancellationToken)
    {
        if (!options.Json)
        {
            _terminal.Out.WriteLine($"{options.Runs} runs of the workflow 'demo', at most {options.Limit} at a time, each a process of its own");
        }

        var snapshots = demo.WatchAsync(options.Runs, cancellationToken);
        var submitting = demo.SubmitAsync(options.Runs, cancellationToken);
        var watching = options.Json ? DemoProgress.WaitAsync(snapshots)
            : _terminal.IsInteractive ? DemoProgress.ShowBarsAsync(context.Console, snapshots, options.Runs)
            : DemoProgress.ShowLinesAsync(_terminal.Out, snapshots, options.Runs);

        // A refused submission would leave the watch waiting for a run that never comes.
        if (await Task.WhenAny(submitting, watching) == submitting)
        {
            await submitting;
        }

        return await watching;
    }

    private void Report(IReadOnlyList<RunInfo> runs, DemoUrls urls, TimeSpan elapsed)
    {
        if (options.Json)
        {
            context.PrintJson(JsonSerializer.Serialize(DemoReport.Of(runs, urls), DemoJson.Default.DemoReport));
            return;
        }

        DemoTable.Write(context.Console, runs, elapsed);
        _terminal.Out.WriteLine($"REST       {urls.Api}");
        _terminal.Out.WriteLine($"OpenAPI    {urls.Openapi}");
        _terminal.Out.WriteLine($"Dashboard  {urls.Dashboard}");
        if (!options.Keep)
        {
            _terminal.Out.WriteLine("These end with this command; with --keep the server stays.");
        }
    }

    private async Task KeepAsync(Uri server, string directory, CancellationToken cancellationToken)
    {
        // Stdout may be a pipe that somebody parses.
        var writer = options.Json ? _terminal.Error : _terminal.Out;
        await writer.WriteLineAsync($"The server stays until Ctrl-C. Its data: {directory}");
        await writer.WriteLineAsync($"In another terminal:  export {GlobalOptions.ServerVariable}={server.GetLeftPart(UriPartial.Authority)}");
        await writer.WriteLineAsync("                      workflows list     workflows start demo --prompt hello --follow");
        await writer.FlushAsync(CancellationToken.None);
        await _terminal.Out.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, _terminal.Time, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
