using System.Buffers;
using System.CommandLine;
using System.IO.Pipelines;
using System.Text.Json;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Agents.Replay;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows replay</c>: needs no server.</summary>
internal static class ReplayCommand
{
    private const int HeadBytes = 64 * 1024;

    public static Command Create(CommandBinder binder)
    {
        var file = new Argument<string>("FILE") { Description = "What an agent printed on stdout; '-' reads stdin" };
        var agent = new Option<string?>("--agent") { HelpName = "NAME", Description = "Whose stream it is; default: told from its first lines" };
        var exitCode = new Option<int?>("--exit-code") { HelpName = "N", Description = "The agent's exit code; -9 for an end by signal 9; default: not known" };
        var command = new Command("replay", "Reads a recorded agent stream and prints the outcome that it gives, as JSON") { file, agent, exitCode };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            await using var stream = Open(context.Get(file)!, context.Terminal);
            var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: HeadBytes, leaveOpen: true));
            var adapter = await FindAsync(context.Get(agent), reader, cancellationToken);
            var result = StreamReplay.Run(reader.AsStream(), adapter, context.Get(exitCode), context.Terminal.Time.GetUtcNow());
            context.PrintJson(JsonSerializer.Serialize(ReplayDocument.Of(result), ReplayJson.Default.ReplayDocument));
            return ExitCodes.Ok;
        });
    }

    private static Stream Open(string file, Terminal terminal)
    {
        try
        {
            return file == "-" ? terminal.OpenInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The stream can't be read: {e.Message}", "Name a file that can be read, or '-' for stdin.");
        }
    }

    private static async Task<IAgentAdapter> FindAsync(string? name, PipeReader reader, CancellationToken cancellationToken)
    {
        var agents = AgentCatalog.Shipped();
        if (name is null)
        {
            var read = await reader.ReadAtLeastAsync(HeadBytes, cancellationToken);
            name = StreamReplay.Guess(read.Buffer.Slice(0, Math.Min(HeadBytes, read.Buffer.Length)).ToArray());
            reader.AdvanceTo(read.Buffer.Start);
        }

        return agents.Find(name) ?? throw new UsageException($"There is no agent '{name}'.", $"Use one of: {string.Join(", ", agents.Names)}.");
    }
}
