using System.CommandLine;
using System.CommandLine.Parsing;
using Orleans.Workflows.Cli.Client;
using Spectre.Console;

namespace Orleans.Workflows.Cli;

/// <summary>One invocation: what was parsed, where it prints, whom it asks.</summary>
internal sealed class CommandContext(ParseResult parsed, Terminal terminal, GlobalOptions options) : IDisposable
{
    private ApiClient? _api;

    public Terminal Terminal => terminal;

    /// <summary>Print the server's JSON.</summary>
    public bool Json => Output is null ? !terminal.IsInteractive : Output == "json";

    /// <summary>JSON was asked for by name: for commands whose payload is text.</summary>
    public bool JsonAsked => Output == "json";

    public bool Color => !parsed.GetValue(options.NoColor) && string.IsNullOrEmpty(terminal.Variable("NO_COLOR"));

    public IAnsiConsole Console => field ??= terminal.CreateConsole(Color);

    public ApiClient Api => _api ??= new ApiClient(ServerUri(), terminal.Time, Caller());

    private string? Output => parsed.GetValue(options.Output);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>The arguments behind <c>--</c>.</summary>
    public List<string> AfterDoubleDash() =>
        [.. parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Select(token => token.Value)];

    public void PrintJson(string json) => terminal.Out.WriteLine(json);

    /// <summary>The server's JSON where that is wanted, and else its <paramref name="text"/>.</summary>
    public int Print(string json, Action text)
    {
        if (Json)
        {
            PrintJson(json);
        }
        else
        {
            text();
        }

        return ExitCodes.Ok;
    }

    public void Dispose() => _api?.Dispose();

    /// <summary>Who is at the keyboard: the name before sudo says more than root. A name that no header can carry is left out, unless it was given.</summary>
    private string? Caller()
    {
        if (terminal.Variable(GlobalOptions.CallerVariable) is { Length: > 0 } given)
        {
            return given;
        }

        var user = terminal.Variable("SUDO_USER") is { Length: > 0 } before ? before : terminal.User;
        return user.Length is > 0 and <= 128 && !user.AsSpan().ContainsAnyExceptInRange('!', '~') ? user : null;
    }

    private Uri ServerUri()
    {
        var text = parsed.GetValue(options.Server) ?? terminal.Variable(GlobalOptions.ServerVariable);
        text = string.IsNullOrWhiteSpace(text) ? GlobalOptions.DefaultServer : text;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new UsageException($"'{text}' is no server's URL.", $"Write it like {GlobalOptions.DefaultServer}.");
    }
}
