namespace Orleans.Workflows.Workflows.Loading;

internal enum ScalarKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Null,
}
