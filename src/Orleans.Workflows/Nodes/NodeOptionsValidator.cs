using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Nodes;

internal sealed class NodeOptionsValidator : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options) =>
        NodeLabels.Check("Workflows:Node:Labels", [.. options.Labels], NodeLabels.Most) is { } wrong ? ValidateOptionsResult.Fail($"{wrong.Message} {wrong.Remedy}")
        : !Enum.IsDefined(options.Role) ? ValidateOptionsResult.Fail($"Workflows:Node:Role must be one of {string.Join(", ", Enum.GetNames<NodeRole>())}, not {options.Role}.")
        : ValidateOptionsResult.Success;
}
