using System.CommandLine;

namespace Orleans.Workflows.Cli;

/// <summary>The options of every command.</summary>
internal sealed class GlobalOptions
{
    public const string ServerVariable = "WORKFLOWS_SERVER";
    public const string CallerVariable = "WORKFLOWS_CALLER";
    public const string DefaultServer = "http://127.0.0.1:8080";

    public Option<string?> Server { get; } = new("--server")
    {
        Recursive = true,
        HelpName = "URL",
        Description = $"The server; default: ${ServerVariable}, else {DefaultServer}",
    };

    public Option<string?> Output { get; } = new Option<string?>("--output", "-o")
    {
        Recursive = true,
        HelpName = "json|table",
        Description = "json prints exactly what the server said; default: table on a terminal, json elsewhere",
    }.AcceptOnlyFromAmong("json", "table");

    public Option<bool> NoColor { get; } = new("--no-color") { Recursive = true, Description = "No colours; so does $NO_COLOR" };

    public void AddTo(Command root)
    {
        root.Add(Server);
        root.Add(Output);
        root.Add(NoColor);
    }
}
