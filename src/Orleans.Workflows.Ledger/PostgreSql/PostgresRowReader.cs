using System.Data.Common;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.PostgreSql;

internal sealed class PostgresRowReader(DbDataReader reader) : RowReader(reader)
{
    protected override Guid GuidAt(int column) => Reader.GetGuid(column);

    protected override DateTimeOffset TimeAt(int column) => Reader.GetFieldValue<DateTimeOffset>(column);

    protected override decimal MoneyAt(int column) => Reader.GetDecimal(column);
}
