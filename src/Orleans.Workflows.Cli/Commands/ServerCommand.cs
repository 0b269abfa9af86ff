using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orleans.Workflows.Server;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows server</c>: the same as the program of Orleans.Workflows.Server.</summary>
internal static class ServerCommand
{
    public static Command Create(CommandBinder binder)
    {
        var settings = new Argument<string[]>("SETTING") { Arity = ArgumentArity.ZeroOrMore, Description = "Settings of the server, behind '--': -- --Workflows:Urls=http://127.0.0.1:9000 --Workflows:Execution:Slots=4" };
        return binder.Bind(new Command("server", "Runs the server until Ctrl-C") { settings }, async (context, cancellationToken) =>
        {
            try
            {
                await using var application = await ServerApplication.StartAsync(context.Get(settings) ?? [], cancellationToken: cancellationToken);
                await application.WaitForShutdownAsync(cancellationToken);
                return ExitCodes.Ok;
            }
            catch (Exception e) when (ServerFailure.IsExpected(e))
            {
                throw ServerFailure.Of(e);
            }
        });
    }
}
