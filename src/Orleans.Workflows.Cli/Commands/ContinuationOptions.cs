using System.CommandLine;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>The options of <c>retry</c> and <c>continue</c>, and the request that they make.</summary>
internal sealed class ContinuationOptions
{
    private readonly Option<string?> _message = new("--message", "-m") { HelpName = "TEXT|-", Description = "What to do next; '-' reads stdin" };
    private readonly Option<int?> _maxTurns = Arguments.MaxTurns();
    private readonly Option<TimeSpan?> _timeout = Arguments.Duration("--timeout", "Time from its first start");
    private readonly Option<decimal?> _budget = Arguments.Budget();
    private readonly Option<long?> _memoryLimit = Arguments.MemoryLimit();

    public Argument<string> Run { get; } = Arguments.Run();

    public Option<string?> Key { get; } = Arguments.IdempotencyKey();

    public Option<bool> Follow { get; } = new("--follow", "-f") { Description = "Show what it does until it ends; the exit code tells how" };

    public Command AddTo(Command command, bool withMessage)
    {
        command.Add(Run);
        if (withMessage)
        {
            command.Add(_message);
        }

        command.Add(_maxTurns);
        command.Add(_timeout);
        command.Add(_budget);
        command.Add(_memoryLimit);
        command.Add(Key);
        command.Add(Follow);
        return command;
    }

    public ContinueRunRequest Read(CommandContext context, bool withMessage) => new()
    {
        Message = withMessage && context.Get(_message) is { } message ? Arguments.ReadText(message, context.Terminal) : null,
        MaxTurns = context.Get(_maxTurns),
        TimeoutSeconds = context.Get(_timeout)?.TotalSeconds,
        BudgetUsd = context.Get(_budget),
        MemoryLimitBytes = context.Get(_memoryLimit),
    };
}
