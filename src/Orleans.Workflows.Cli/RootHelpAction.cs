using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Orleans.Workflows.Cli;

/// <summary>
/// Help that calls the program by its name. The parser refuses a command of the root's own name, and one of ours has the
/// program's (<c>workflows workflows</c>), so the root goes by another name inside and only <c>RootCommand</c>, whose name is
/// always the program's, could have told help a different one.
/// </summary>
internal sealed class RootHelpAction(string innerName, string programName) : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter();
        configuration.Output = text;
        try
        {
            return _help.Invoke(parseResult);
        }
        finally
        {
            configuration.Output = output;
            output.Write(text.ToString().Replace(innerName, programName, StringComparison.Ordinal));
        }
    }
}
