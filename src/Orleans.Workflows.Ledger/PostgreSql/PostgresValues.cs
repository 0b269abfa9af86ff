using NpgsqlTypes;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>How values of a type travel to PostgreSQL.</summary>
internal static class PostgresValues<TValue>
{
    private static readonly (string Name, NpgsqlDbType Type) Mapped = Map(Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue));

    public static string TypeName => Mapped.Name;

    public static NpgsqlDbType ArrayType { get; } = NpgsqlDbType.Array | Mapped.Type;

    public static TValue Store(TValue value)
    {
        if (typeof(TValue) == typeof(string))
        {
            return (TValue)(object)StoredText.Of((string?)(object?)value)!;
        }

        if (typeof(TValue) == typeof(DateTimeOffset))
        {
            return (TValue)(object)((DateTimeOffset)(object)value!).ToUniversalTime();
        }

        if (typeof(TValue) == typeof(DateTimeOffset?))
        {
            return value is null ? value : (TValue)(object)((DateTimeOffset)(object)value).ToUniversalTime();
        }

        return value;
    }

    private static (string, NpgsqlDbType) Map(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int16 => ("smallint", NpgsqlDbType.Smallint),
        TypeCode.Int32 => ("integer", NpgsqlDbType.Integer),
        TypeCode.Int64 => ("bigint", NpgsqlDbType.Bigint),
        TypeCode.Boolean => ("boolean", NpgsqlDbType.Boolean),
        TypeCode.Decimal => ("numeric", NpgsqlDbType.Numeric),
        TypeCode.String => ("text", NpgsqlDbType.Text),
        _ when type == typeof(Guid) => ("uuid", NpgsqlDbType.Uuid),
        _ when type == typeof(DateTimeOffset) => ("timestamptz", NpgsqlDbType.TimestampTz),
        _ when type == typeof(byte[]) => ("bytea", NpgsqlDbType.Bytea),
        _ => throw new NotSupportedException($"No column type for {type}."),
    };
}
