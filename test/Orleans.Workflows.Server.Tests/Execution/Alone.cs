namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Tests that judge what is the whole process' or machine's: its meters, its memory, its clock's seconds.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
