namespace Orleans.Workflows.Ledger.Rows;

public enum OutputStream
{
    Stdout = 1,
    Stderr = 2,
}
