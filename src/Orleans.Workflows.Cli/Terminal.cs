using Spectre.Console;

namespace Orleans.Workflows.Cli;

/// <summary>What surrounds the program: its streams, its environment and the time.</summary>
internal sealed class Terminal
{
    /// <summary>Columns where nobody looks at them: tables stay one line a row.</summary>
    private const int UnboundedWidth = 240;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Opens stdin as bytes.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Opens stdout as bytes; what <see cref="Out"/> holds is flushed first.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Stdout is a terminal.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The operating system's name of who runs the program.</summary>
    public string User { get; init; } = Environment.UserName;

    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        OpenInput = Console.OpenStandardInput,
        OpenOutput = Console.OpenStandardOutput,
        IsInteractive = !Console.IsOutputRedirected,
    };

    public IAnsiConsole CreateConsole(bool color)
    {
        var useColor = color && IsInteractive;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = useColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!IsInteractive)
        {
            console.Profile.Width = UnboundedWidth;
        }

        return console;
    }

    /// <summary>Null at the end of stdin.</summary>
    public string? ReadLine()
    {
        using var reader = new StreamReader(OpenInput());
        return reader.ReadLine();
    }

    public string ReadInput()
    {
        using var reader = new StreamReader(OpenInput());
        return reader.ReadToEnd();
    }
}
