using System.Globalization;
using Microsoft.Data.Sqlite;
using Orleans.Workflows.Ledger.Sql;
using SQLitePCL;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>
/// A prepared statement on the writer's connection, without ADO.NET in between: parameters bound by position cost a
/// third of what named ones do there.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind<TValue>(int index, TValue value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
        }
        else if (typeof(TValue) == typeof(string))
        {
            Check(raw.sqlite3_bind_text(_statement, index, StoredText.Of((string)(object)value)));
        }
        else if (typeof(TValue) == typeof(Guid) || typeof(TValue) == typeof(Guid?))
        {
            Span<byte> text = stackalloc byte[36];
            ((Guid)(object)value).TryFormat(text, out _);
            Check(raw.sqlite3_bind_text(_statement, index, text));
        }
        else if (typeof(TValue) == typeof(DateTimeOffset) || typeof(TValue) == typeof(DateTimeOffset?))
        {
            Span<byte> text = stackalloc byte[27];
            ((DateTimeOffset)(object)value).UtcDateTime.TryFormat(text, out _, SqliteText.TimeFormat, CultureInfo.InvariantCulture);
            Check(raw.sqlite3_bind_text(_statement, index, text));
        }
        else if (typeof(TValue) == typeof(decimal) || typeof(TValue) == typeof(decimal?))
        {
            Check(raw.sqlite3_bind_text(_statement, index, SqliteText.Of((decimal)(object)value)));
        }
        else if (typeof(TValue) == typeof(byte[]))
        {
            var bytes = (byte[])(object)value;
            Check(bytes.Length == 0
                ? raw.sqlite3_bind_zeroblob(_statement, index, 0)
                : raw.sqlite3_bind_blob(_statement, index, bytes));
        }
        else
        {
            Check(raw.sqlite3_bind_int64(_statement, index, Convert.ToInt64(value, CultureInfo.InvariantCulture)));
        }

        return this;
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public SqliteStatement BindUtf8(int index, ReadOnlySpan<byte> text)
    {
        Check(raw.sqlite3_bind_text(_statement, index, text));
        return this;
    }

    /// <summary>Binds the columns from <paramref name="first"/> on.</summary>
    public SqliteStatement Bind<TRow>(int first, Column<TRow>[] columns, TRow row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Bind(this, first + i, row);
        }

        return this;
    }

    /// <summary>Runs it and says how many rows it changed itself, without what triggers changed.</summary>
    public int Run()
    {
        try
        {
            var code = raw.sqlite3_step(_statement);
            if (code != raw.SQLITE_DONE && code != raw.SQLITE_ROW)
            {
                throw Fault(code);
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>The first row's first column, or null without a row.</summary>
    public TValue? Scalar<TValue>(Func<sqlite3_stmt, TValue> read)
        where TValue : struct
    {
        try
        {
            return raw.sqlite3_step(_statement) switch
            {
                raw.SQLITE_ROW => read(_statement),
                raw.SQLITE_DONE => null,
                var code => throw Fault(code),
            };
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public long? Long() => Scalar(static row => raw.sqlite3_column_int64(row, 0));

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Fault(code);
        }
    }

    private SqliteException Fault(int code) => new(
        raw.sqlite3_errmsg(_database).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(_database));
}
