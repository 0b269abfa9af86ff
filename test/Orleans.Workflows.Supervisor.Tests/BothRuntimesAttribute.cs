using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>Gives a theory each <see cref="SupervisorRuntime"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothRuntimesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow(SupervisorRuntime.Native), new TheoryDataRow(SupervisorRuntime.Shared)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
