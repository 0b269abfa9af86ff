using System.Runtime.InteropServices;
using Orleans.Workflows.Chaos;
using Orleans.Workflows.Chaos.Cluster;

if (args is [ChaosServer.Command, .. var settings])
{
    return await ChaosServer.RunAsync(settings);
}

// Used by infra/chaos.sh; one JSON line on stdout.
ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args);
}
catch (Exception exception) when (exception is ArgumentException or FormatException)
{
    return ChaosOptions.Usage(exception.Message);
}

using var interrupted = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
await Console.Error.WriteLineAsync($"seed {options.Seed}");
try
{
    var report = await new ChaosRun(options, TimeProvider.System).RunAsync(interrupted.Token);
    foreach (var violation in report.Violations)
    {
        await Console.Error.WriteLineAsync(violation.ToString());
    }

    Console.WriteLine(report.ToJson());
    return report.IsClean ? 0 : 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("interrupted; nothing is left behind");
    return 130;
}

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
