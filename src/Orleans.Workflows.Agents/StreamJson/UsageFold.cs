using System.Text;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>
/// The usage of one process, kept so that the sum of all rows it gave out is always its <see cref="Total"/>.
/// A message's row holds what the message tells for certain: input and cache at once, output only from its
/// <c>message_delta</c> (an assistant line's own <c>output_tokens</c> is a placeholder). A result tells the whole by model, so
/// its rows hold that whole minus all rows before: the outputs, the cost, and whatever sub-agents and cut calls spent
/// without a message of their own.
/// </summary>
internal sealed class UsageFold(AgentBaseline baseline)
{
    // Lines of one message stand close together, only sub-agents at work at the same time come between.
    private const int Remembered = 64;
    private const int MostModels = 32;

    private readonly List<MessageUsage> _messages = [];
    private readonly List<ModelUsage> _models = [];
    private int _next;

    /// <summary>Null until the first result: then whether the session's counters went on from the baseline.</summary>
    private bool? _fromBaseline;

    public IReadOnlyDictionary<string, TokenUsage>? SessionModels { get; private set; }

    public decimal? SessionCost { get; private set; }

    public TokenUsage Total => _models.Aggregate(TokenUsage.Unknown, (sum, model) => sum.Add(model.Recorded));

    public Dictionary<string, TokenUsage> Models =>
        _models.Where(model => model.Name.Length > 0).ToDictionary(model => model.Name, model => model.Recorded);

    /// <summary>Records what a line says of a message. True when it is the first <c>assistant</c> line of that message.</summary>
    public bool OnMessage(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model, string? parent, in MessageNumbers numbers, bool isLine, AgentEventBatch sink)
    {
        var hash = IdHash.Of(id);
        var at = _messages.Count - 1;
        while (at >= 0 && _messages[at].Id != hash)
        {
            at--;
        }

        var known = at >= 0 ? _messages[at] : new MessageUsage(hash, ModelIndex(Encoding.UTF8.GetString(model)), TokenUsage.Unknown, false);
        var usage = new TokenUsage
        {
            InputTokens = numbers.Input ?? known.Usage.InputTokens,
            OutputTokens = numbers.Output ?? known.Usage.OutputTokens,
            CacheReadTokens = numbers.CacheRead ?? known.Usage.CacheReadTokens,
            CacheCreationTokens = numbers.CacheCreation ?? known.Usage.CacheCreationTokens,
        };
        var isFirstLine = isLine && !known.HasLine;
        if (usage != known.Usage || at < 0)
        {
            var entry = _models[known.Model];
            entry.Recorded = entry.Recorded.Add(usage.Minus(known.Usage));
            sink.Record(new UsageEntry(Encoding.UTF8.GetString(id), entry.Name.Length == 0 ? null : entry.Name, parent, usage));
        }

        Remember(at, known with { Usage = usage, HasLine = known.HasLine || isLine });
        return isFirstLine;
    }

    /// <summary>Records a result. <paramref name="totals"/> are the session's counters by the model's full name.</summary>
    public void OnResult(string rowId, IReadOnlyList<KeyValuePair<string, TokenUsage>> totals, decimal? totalCost, AgentEventBatch sink)
    {
        var session = Merge(totals, name => name);
        SessionModels = session;
        SessionCost = totalCost ?? Sum(totals.Select(total => total.Value.CostUsd));
        _fromBaseline ??= GoesOnFrom(session, SessionCost);
        var start = _fromBaseline.Value ? baseline : AgentBaseline.None;

        var targets = Merge(
            session.Select(total => KeyValuePair.Create(total.Key, total.Value.Minus(start.Models.GetValueOrDefault(total.Key, TokenUsage.Unknown)))),
            ModelName.Canonical);
        var rows = Corrections(targets);
        AddRestOfCost(rows, SessionCost - start.CostUsd);
        foreach (var (index, delta) in rows)
        {
            var model = _models[index];
            model.Recorded = model.Recorded.Add(delta);
            sink.Record(new UsageEntry(rows.Count == 1 ? rowId : $"{rowId}/{model.Name}", model.Name.Length == 0 ? null : model.Name, null, delta));
        }
    }

    private List<(int Model, TokenUsage Delta)> Corrections(Dictionary<string, TokenUsage> targets)
    {
        foreach (var name in targets.Keys)
        {
            ModelIndex(name);
        }

        var rows = new List<(int, TokenUsage)>();
        for (var index = 0; index < _models.Count; index++)
        {
            var model = _models[index];
            if (model.Name.Length == 0)
            {
                continue;
            }

            // A model with messages that the result does not count: its messages were counted under another name.
            var delta = targets.GetValueOrDefault(model.Name, Zero).Minus(model.Recorded);
            if (delta.Tells(model.Recorded))
            {
                rows.Add((index, delta));
            }
        }

        return rows;
    }

    // The total is the truth; models' costs are binary fractions that may miss it in the last digit.
    private void AddRestOfCost(List<(int Model, TokenUsage Delta)> rows, decimal? target)
    {
        var recorded = Total;
        var rest = target - (recorded.CostUsd ?? 0) - rows.Sum(row => row.Delta.CostUsd ?? 0);
        if (rows.Count == 0 && (recorded.CostUsd is null && target is not null || rest is not (null or 0)))
        {
            var known = recorded.InputTokens is null ? Zero : TokenUsage.Unknown;
            rows.Add((ModelIndex(""), known with { CostUsd = rest }));
        }
        else if (rest is not (null or 0))
        {
            var (model, delta) = rows[^1];
            rows[^1] = (model, delta with { CostUsd = (delta.CostUsd ?? 0) + rest });
        }
    }

    private static TokenUsage Zero { get; } = new() { InputTokens = 0, OutputTokens = 0, CacheReadTokens = 0, CacheCreationTokens = 0, CostUsd = 0 };

    // Counters that begin anew may have overtaken the old ones: this process's own messages tell which of the two is nearer.
    private bool GoesOnFrom(Dictionary<string, TokenUsage> totals, decimal? cost)
    {
        var old = baseline.Models.Values.Sum(Read);
        return !(cost < baseline.CostUsd)
            && baseline.Models.All(model => totals.TryGetValue(model.Key, out var total) && !total.IsBehind(model.Value))
            && (old == 0 || totals.Values.Sum(Read) - Read(Total) > old / 2);
    }

    /// <summary>What a message tells for certain, so that its sum over messages can be compared with a total.</summary>
    private static long Read(TokenUsage usage) => (usage.InputTokens ?? 0) + (usage.CacheReadTokens ?? 0) + (usage.CacheCreationTokens ?? 0);

    private static Dictionary<string, TokenUsage> Merge(IEnumerable<KeyValuePair<string, TokenUsage>> totals, Func<string, string> name)
    {
        var merged = new Dictionary<string, TokenUsage>();
        foreach (var (key, usage) in totals)
        {
            merged[name(key)] = merged.GetValueOrDefault(name(key), TokenUsage.Unknown).Add(usage);
        }

        return merged;
    }

    private static decimal? Sum(IEnumerable<decimal?> costs) =>
        costs.Aggregate((decimal?)null, (sum, cost) => sum is null ? cost : sum + (cost ?? 0));

    private int ModelIndex(string name)
    {
        var canonical = ModelName.Canonical(name);
        var index = _models.FindIndex(model => model.Name == canonical);
        if (index < 0 && _models.Count >= MostModels)
        {
            index = _models.FindIndex(model => model.Name.Length == 0);
            canonical = "";
        }

        if (index < 0)
        {
            _models.Add(new ModelUsage { Name = canonical });
            index = _models.Count - 1;
        }

        return index;
    }

    private void Remember(int at, MessageUsage message)
    {
        if (at >= 0)
        {
            _messages[at] = message;
        }
        else if (_messages.Count < Remembered)
        {
            _messages.Add(message);
        }
        else
        {
            _messages[_next] = message;
            _next = (_next + 1) % Remembered;
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write((byte)(_fromBaseline is null ? 2 : _fromBaseline.Value ? 1 : 0));
        writer.WriteMoney(SessionCost);
        writer.Write7BitEncodedInt(SessionModels?.Count ?? -1);
        foreach (var (name, usage) in SessionModels ?? new Dictionary<string, TokenUsage>())
        {
            writer.Write(name);
            writer.WriteUsage(usage);
        }

        writer.Write7BitEncodedInt(_models.Count);
        foreach (var model in _models)
        {
            writer.Write(model.Name);
            writer.WriteUsage(model.Recorded);
        }

        writer.Write7BitEncodedInt(_next);
        writer.Write7BitEncodedInt(_messages.Count);
        foreach (var message in _messages)
        {
            writer.Write(message.Id);
            writer.Write7BitEncodedInt(message.Model);
            writer.Write(message.HasLine);
            writer.WriteUsage(message.Usage);
        }
    }

    public void Load(BinaryReader reader)
    {
        _fromBaseline = reader.ReadByte() switch { 0 => false, 1 => true, _ => null };
        SessionCost = reader.ReadMoney();
        var sessionModels = reader.Read7BitEncodedInt();
        SessionModels = sessionModels < 0 ? null : ReadModels(reader, sessionModels).ToDictionary(model => model.Name, model => model.Recorded);
        _models.AddRange(ReadModels(reader, reader.Read7BitEncodedInt()));
        _next = reader.Read7BitEncodedInt();
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            var (id, model, hasLine) = (reader.ReadUInt64(), reader.Read7BitEncodedInt(), reader.ReadBoolean());
            _messages.Add(new MessageUsage(id, model, reader.ReadUsage(), hasLine));
        }
    }

    private static List<ModelUsage> ReadModels(BinaryReader reader, int count)
    {
        var models = new List<ModelUsage>(count);
        while (models.Count < count)
        {
            models.Add(new ModelUsage { Name = reader.ReadString(), Recorded = reader.ReadUsage() });
        }

        return models;
    }

    private sealed class ModelUsage
    {
        public required string Name { get; init; }

        public TokenUsage Recorded { get; set; } = TokenUsage.Unknown;
    }

    private sealed record MessageUsage(ulong Id, int Model, TokenUsage Usage, bool HasLine);
}
