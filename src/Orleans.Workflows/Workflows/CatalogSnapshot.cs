using System.Collections.Frozen;

namespace Orleans.Workflows.Workflows;

/// <summary>The workflows of one moment. Immutable.</summary>
public sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<string, CompiledWorkflow> _byName;
    private readonly FrozenDictionary<string, CompiledWorkflow> _byHash;

    internal CatalogSnapshot(IReadOnlyCollection<CompiledWorkflow> workflows, IReadOnlyList<WorkflowProblem> problems)
    {
        _byName = workflows.ToFrozenDictionary(workflow => workflow.Definition.Name, StringComparer.Ordinal);
        _byHash = workflows.ToFrozenDictionary(workflow => workflow.Hash, StringComparer.Ordinal);
        Workflows = [.. workflows.OrderBy(workflow => workflow.Definition.Name, StringComparer.Ordinal)];
        Problems = problems;
    }

    public static CatalogSnapshot Empty { get; } = new([], []);

    /// <summary>By name.</summary>
    public IReadOnlyList<CompiledWorkflow> Workflows { get; }

    /// <summary>What is wrong with folders. One whose last good state is still served is listed here and above.</summary>
    public IReadOnlyList<WorkflowProblem> Problems { get; }

    public CompiledWorkflow? Find(string name) => _byName.GetValueOrDefault(name);

    public CompiledWorkflow? FindByHash(string hash) => _byHash.GetValueOrDefault(hash);
}
