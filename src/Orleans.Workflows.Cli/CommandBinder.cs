using System.CommandLine;

namespace Orleans.Workflows.Cli;

/// <summary>Gives commands their action, with a context around it.</summary>
internal sealed class CommandBinder(Terminal terminal, GlobalOptions options)
{
    public Terminal Terminal => terminal;

    /// <summary>Binds <paramref name="action"/>, which answers the exit code.</summary>
    public Command Bind(Command command, Func<CommandContext, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var context = new CommandContext(parsed, terminal, options);
            return await action(context, cancellationToken);
        });
        return command;
    }
}
