using System.Buffers.Binary;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>A durably claimed attempt, for the node to launch. Holds no secret.</summary>
[GenerateSerializer, Immutable, Alias("launch-order")]
internal sealed record LaunchOrder
{
    [Id(0)] public required RunId Run { get; init; }
    [Id(1)] public required int Attempt { get; init; }
    [Id(2)] public required string Agent { get; init; }
    [Id(3)] public string? Workflow { get; init; }
    [Id(4)] public required string DefinitionHash { get; init; }

    /// <summary>The run's <see cref="RunSpec"/> as JSON.</summary>
    [Id(5)] public required string Spec { get; init; }
    [Id(6)] public required Guid SessionId { get; init; }

    /// <summary>Continue the session, which an earlier attempt or run opened.</summary>
    [Id(7)] public required bool Resume { get; init; }
    [Id(8)] public string? TraceParent { get; init; }
    [Id(9)] public required string CorrelationId { get; init; }

    /// <summary>The run that opened the session: agent homes are shared along it.</summary>
    [Id(10)] public required RunId SessionRun { get; init; }

    /// <summary>What the session's counters stand at; null for a new session.</summary>
    [Id(11)] public AgentBaseline? Baseline { get; init; }

    /// <inheritdoc cref="AgentLaunch.Preface"/>
    [Id(12)] public string? Preface { get; init; }

    /// <summary>What the run was to go on with is on a node that is lost: nothing is taken over from the run that it continues.</summary>
    [Id(13)] public bool Away { get; init; }

    /// <summary>The locks that it was claimed under; null: none.</summary>
    [Id(14)] public HeldLocks? Locks { get; init; }

    /// <summary>The id of the attempt's first message. Each has one of its own: <c>claude</c> passes over a message whose id its session knows, and would wait for ever.</summary>
    public Guid PromptId
    {
        get
        {
            Span<byte> id = stackalloc byte[16];
            Run.Value.TryWriteBytes(id);
            var last = id[^sizeof(int)..];
            BinaryPrimitives.WriteInt32LittleEndian(last, BinaryPrimitives.ReadInt32LittleEndian(last) ^ (Attempt - 1));
            return new(id);
        }
    }
}
