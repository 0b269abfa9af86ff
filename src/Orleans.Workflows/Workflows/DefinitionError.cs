namespace Orleans.Workflows.Workflows;

/// <summary>What is wrong with a definition that was read well: a field, an offset in its text, a sentence, a remedy.</summary>
internal sealed record DefinitionError(string Field, int Offset, string Message, string Remedy);
