namespace Orleans.Workflows.ScriptedAgent;

/// <summary>The command line: <c>[--script FILE] [--session UUID] [--resume] [--model NAME] [--max-turns N]</c>.</summary>
internal sealed record AgentOptions
{
    public string? Script { get; init; }

    public string Session { get; init; } = "00000000-0000-4000-8000-000000000000";

    public string Model { get; init; } = "scripted-1";

    public int MaxTurns { get; init; } = int.MaxValue;

    public static AgentOptions Parse(string[] args)
    {
        var options = new AgentOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            (options, var used) = args[i] switch
            {
                "--script" => (options with { Script = value }, 1),
                "--session" => (options with { Session = value }, 1),
                "--model" => (options with { Model = value }, 1),
                "--max-turns" when int.TryParse(value, out var turns) => (options with { MaxTurns = turns }, 1),
                "--resume" => (options, 0),
                var unknown => throw new ArgumentException($"unknown option '{unknown}'"),
            };
            i += used;
        }

        return options;
    }
}
