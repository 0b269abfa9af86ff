using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Commands;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli;

/// <summary>The command <c>workflows</c>: its tree, and how failures become exit codes.</summary>
internal static class CommandLine
{
    private const string ProgramName = "workflows";
    private const string RootName = "workflows-cli";

    /// <summary>After Ctrl-C: time for an embedded server to end its agents.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var parsed = CreateRoot(terminal).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return await PrintErrorsAsync(parsed, terminal);
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationTimeout,
            Output = terminal.Out,
            Error = terminal.Error,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (ProblemException e)
        {
            ProblemText.Write(e.Problem, terminal.Error);
            return ExitCodes.Of(e.Problem.Status);
        }
        catch (UnreachableException e)
        {
            ProblemText.Write(e, terminal.Error);
            return ExitCodes.Unavailable;
        }
        catch (UsageException e)
        {
            ProblemText.Write(e, terminal.Error);
            return ExitCodes.BadInput;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static Command CreateRoot(Terminal terminal)
    {
        var options = new GlobalOptions();
        var commands = new CommandBinder(terminal, options);
        var root = new Command(
            RootName,
            "Runs coding agents as durable, supervised, measured runs.\n\n" +
            "Exit codes: 0 done (and the run completed, where the command waited for it), 1 the run ended otherwise, or runs of the batch refused, 2 wrong usage or input, " +
            "3 not found, 4 conflict, 5 server unreachable or not able now, 130 interrupted.");
        root.Add(new HelpOption { Action = new RootHelpAction(RootName, ProgramName) });
        root.Add(new VersionOption());
        options.AddTo(root);
        root.Add(DemoCommand.Create(commands));
        root.Add(ServerCommand.Create(commands));
        root.Add(StartCommand.Create(commands));
        root.Add(ListCommand.Create(commands));
        root.Add(ShowCommand.Create(commands));
        root.Add(AttemptsCommand.Create(commands));
        root.Add(ExplainCommand.Create(commands));
        root.Add(LogsCommand.Create(commands));
        root.Add(ResultCommand.Create(commands));
        root.Add(MessageCommand.Create(commands));
        root.Add(CancelCommand.Create(commands));
        root.Add(TerminateCommand.Create(commands));
        root.Add(ReleaseCommand.Create(commands));
        root.Add(PauseCommand.Create(commands));
        root.Add(ResumeCommand.Create(commands));
        root.Add(RetryCommand.Create(commands));
        root.Add(ContinueCommand.Create(commands));
        root.Add(BatchCommand.Create(commands));
        root.Add(CleanupCommand.Create(commands));
        root.Add(WorkflowsCommand.Create(commands));
        root.Add(LimitsCommand.Create(commands));
        root.Add(LocksCommand.Create(commands));
        root.Add(HoldsCommand.Create(commands));
        root.Add(SchedulesCommand.Create(commands));
        root.Add(QueuesCommand.Create(commands));
        root.Add(NodesCommand.Create(commands));
        root.Add(MetricsCommand.Create(commands));
        root.Add(ReplayCommand.Create(commands));
        return root;
    }

    private static async Task<int> PrintErrorsAsync(ParseResult parsed, Terminal terminal)
    {
        foreach (var error in parsed.Errors)
        {
            await terminal.Error.WriteLineAsync($"error: {error.Message}");
        }

        var names = new List<string>();
        for (var at = parsed.CommandResult; at is not null && at != parsed.RootCommandResult; at = at.Parent as CommandResult)
        {
            names.Insert(0, at.Command.Name);
        }

        await terminal.Error.WriteLineAsync($"remedy: see '{string.Join(' ', [ProgramName, .. names])} --help'");
        return ExitCodes.BadInput;
    }
}
