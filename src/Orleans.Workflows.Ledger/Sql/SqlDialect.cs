using System.Data.Common;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Where the two databases differ outside the group commit.</summary>
internal abstract class SqlDialect
{
    public abstract RowReader Read(DbDataReader reader);

    /// <summary>A parameter's value in the form that the database stores.</summary>
    public abstract object? Store(object? value);

    /// <summary>Reads what is committed.</summary>
    /// <exception cref="LedgerUnavailableException">The database can't be reached.</exception>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Runs one transaction.</summary>
    /// <exception cref="LedgerUnavailableException">The database can't be reached; whether it was committed is unknown.</exception>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, CancellationToken cancellationToken);

    /// <summary>The statement that opens the path on which ended rows may be deleted, for this transaction.</summary>
    public abstract string BeginRetention { get; }

    public abstract string EndRetention { get; }

    /// <summary>Money as a number to sort by.</summary>
    public abstract string MoneyAsNumber(string expression);
}
