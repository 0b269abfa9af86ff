using System.Data.Common;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Reads a result row's columns from left to right.</summary>
internal abstract class RowReader(DbDataReader reader)
{
    private int _next;

    protected DbDataReader Reader => reader;

    public async ValueTask<bool> NextRowAsync(CancellationToken cancellationToken)
    {
        _next = 0;
        return await reader.ReadAsync(cancellationToken);
    }

    public Guid Guid() => GuidAt(_next++);

    public Guid? GuidOrNull() => SkipNull() ? null : Guid();

    public RunId Run() => new(Guid());

    public RunId? RunOrNull() => SkipNull() ? null : Run();

    public string String() => reader.GetString(_next++);

    public string? StringOrNull() => SkipNull() ? null : String();

    public int Int() => reader.GetInt32(_next++);

    public int? IntOrNull() => SkipNull() ? null : Int();

    public long Long() => reader.GetInt64(_next++);

    public long? LongOrNull() => SkipNull() ? null : Long();

    public bool Bool() => reader.GetBoolean(_next++);

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_next++);

    public DateTimeOffset Time() => TimeAt(_next++);

    public DateTimeOffset? TimeOrNull() => SkipNull() ? null : Time();

    public decimal? MoneyOrNull() => SkipNull() ? null : MoneyAt(_next++);

    public double? DoubleOrNull() => SkipNull() ? null : reader.GetDouble(_next++);

    public Reason? ReasonOrNull()
    {
        var (code, text) = (StringOrNull(), StringOrNull());
        return code is null ? null : new Reason(code, text ?? "");
    }

    public TokenUsage Usage() => new()
    {
        InputTokens = LongOrNull(),
        OutputTokens = LongOrNull(),
        CacheReadTokens = LongOrNull(),
        CacheCreationTokens = LongOrNull(),
        CostUsd = MoneyOrNull(),
    };

    protected abstract Guid GuidAt(int column);

    protected abstract DateTimeOffset TimeAt(int column);

    protected abstract decimal MoneyAt(int column);

    private bool SkipNull()
    {
        if (!reader.IsDBNull(_next))
        {
            return false;
        }

        _next++;
        return true;
    }
}
