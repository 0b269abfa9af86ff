namespace Orleans.Workflows.Workflows;

/// <summary>What is wrong with a template, and where its text goes wrong.</summary>
internal sealed record TemplateError(int Offset, string Message, string Remedy);
