using System.Collections.Frozen;
using Orleans.Workflows.Agents.Claude;
using Orleans.Workflows.Agents.Command;
using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Agents.Scripted;

namespace Orleans.Workflows.Agents;

/// <summary>The agents of this build, by name.</summary>
public sealed class AgentCatalog(IEnumerable<IAgentAdapter> adapters)
{
    private readonly FrozenDictionary<string, IAgentAdapter> _adapters = adapters.ToFrozenDictionary(adapter => adapter.Name);

    /// <summary>Names in order.</summary>
    public IReadOnlyList<string> Names { get; } = [.. adapters.Select(adapter => adapter.Name).Order(StringComparer.Ordinal)];

    /// <summary>The adapter of that name, or null.</summary>
    public IAgentAdapter? Find(string name) => _adapters.GetValueOrDefault(name);

    /// <summary>The agents that ship, on <paramref name="machine"/> or this one.</summary>
    public static AgentCatalog Shipped(IAgentMachine? machine = null)
    {
        machine ??= new AgentMachine();
        return new AgentCatalog([new ClaudeAdapter(machine), new CommandAdapter(machine), new ScriptedAdapter(machine)]);
    }
}
