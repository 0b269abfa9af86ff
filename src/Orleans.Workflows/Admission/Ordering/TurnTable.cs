using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>The turns of each key at each level: who has a high priority owes nothing for it at a lower one.</summary>
internal sealed class TurnTable(IReadOnlyDictionary<string, double> weights)
{
    private const int FirstSweep = 1_000;

    private readonly TurnClock[] _clocks = [.. Enumerable.Range(0, Demand.LowestPriority + 1).Select(_ => new TurnClock())];
    private readonly Dictionary<(int Level, string Key), Turn> _turns = [];
    private int _sweepAt = FirstSweep;

    public Turn Of(int level, string? key)
    {
        // No key is a key like any other; a real one can't hold a null character.
        var place = (level, key ?? "\0");
        if (!_turns.TryGetValue(place, out var turn))
        {
            Sweep();
            _turns.Add(place, turn = new(key is not null && weights.TryGetValue(key, out var weight) ? weight : 1, _clocks[level]));
        }

        return turn;
    }

    /// <summary>One that waits for nothing and is not ahead of the others would begin anew as it is.</summary>
    private void Sweep()
    {
        if (_turns.Count < _sweepAt)
        {
            return;
        }

        foreach (var (place, turn) in _turns.ToArray())
        {
            if (turn.IsIdle && turn.Tag <= _clocks[place.Level].Now)
            {
                _turns.Remove(place);
            }
        }

        _sweepAt = Math.Max(FirstSweep, 2 * _turns.Count);
    }
}
