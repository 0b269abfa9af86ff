using System.Data.Common;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.Sqlite;

internal sealed class SqliteRowReader(DbDataReader reader) : RowReader(reader)
{
    protected override Guid GuidAt(int column) => System.Guid.ParseExact(Reader.GetString(column), "D");

    protected override DateTimeOffset TimeAt(int column) => SqliteText.ParseTime(Reader.GetString(column));

    protected override decimal MoneyAt(int column) => SqliteText.ParseMoney(Reader.GetString(column));
}
