using System.Collections.Concurrent;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Workflows;

/// <summary>Definitions by content hash: what runs pin. Kept in the ledger, so that every node can run a pinned one.</summary>
internal sealed class DefinitionStore(ILedger ledger, TimeProvider time)
{
    private const int CacheLimit = 1_000;

    private readonly ConcurrentDictionary<string, CompiledWorkflow> _known = new(StringComparer.Ordinal);

    /// <summary>Keeps the definition durably; free after the first time.</summary>
    public async Task KeepAsync(CompiledWorkflow workflow, CancellationToken cancellationToken)
    {
        if (!_known.ContainsKey(workflow.Hash))
        {
            await ledger.PutDefinitionAsync(new(workflow.Hash, workflow.Definition.Name, workflow.Json, time.GetUtcNow()), cancellationToken);
            Remember(workflow);
        }
    }

    public async ValueTask<CompiledWorkflow?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hash, out var known))
        {
            return known;
        }

        if (await ledger.ReadDefinitionAsync(hash, cancellationToken) is not { } row)
        {
            return null;
        }

        var workflow = CompiledWorkflow.Compile(WorkflowDefinition.FromJson(row.Content));
        Remember(workflow);
        return workflow;
    }

    private void Remember(CompiledWorkflow workflow)
    {
        // Every change of a workflow makes a definition; the cache must not grow with them.
        if (_known.Count >= CacheLimit)
        {
            _known.Clear();
        }

        _known[workflow.Hash] = workflow;
    }
}
