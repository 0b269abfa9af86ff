using System.CommandLine;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows attempts</c></summary>
internal static class AttemptsCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        return binder.Bind(new Command("attempts", "Shows a run's agent processes: where, how they ended, what was seen of them") { run }, async (context, cancellationToken) =>
        {
            var attempts = await context.Api.AttemptsAsync(context.Get(run)!, cancellationToken);
            if (context.Json)
            {
                context.PrintJson(attempts.Json);
                return ExitCodes.Ok;
            }

            var table = Tables.Create(">#", "NODE", ">PID", "STARTED", "ENDED", "EXIT", ">MEMORY", ">CPU", "WHY");
            foreach (var attempt in attempts.Value.Items)
            {
                table.AddTexts(
                    Figures.Count(attempt.Number),
                    attempt.Node,
                    attempt.Pid?.ToString(),
                    Figures.Moment(attempt.StartedAt),
                    Figures.Moment(attempt.EndedAt),
                    attempt.Signal is { } signal ? $"signal {signal}" : attempt.ExitCode?.ToString(),
                    Figures.Size(attempt.PeakMemoryBytes),
                    Figures.Time(attempt.CpuMs),
                    PlainText.Line(attempt.Leaked ? "leaked: its processes could not be ended" : attempt.Reason?.ToString()));
            }

            context.Console.Write(table);
            foreach (var attempt in attempts.Value.Items)
            {
                context.Console.Write(Tables.CreateList(Evidence(attempt)));
            }

            return ExitCodes.Ok;
        });
    }

    private static IEnumerable<(string Name, string? Value)> Evidence(AttemptInfo attempt) => attempt.Details is not { } details ? [] :
    [
        ($"{attempt.Number}  files", details.Directory),
        ($"{attempt.Number}  workspace", details.Workspace),
        ($"{attempt.Number}  stuck", details.Stuck),
        ($"{attempt.Number}  its processes then", string.Join("\n", details.StuckProcesses ?? [])),
        ($"{attempt.Number}  ended after it", string.Join(", ", details.EndedProcesses ?? [])),
    ];
}
