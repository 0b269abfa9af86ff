using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows explain</c></summary>
internal static class ExplainCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        return binder.Bind(new Command("explain", "Says why a run does not run yet: every limit, node and turn that it waits for") { run }, async (context, cancellationToken) =>
        {
            var explanation = await context.Api.ExplainAsync(context.Get(run)!, cancellationToken);
            return context.Print(explanation.Json, () => context.Terminal.Out.WriteLine(Rendering.PlainText.Line(explanation.Value.Text)));
        });
    }
}
