namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>Picks the step of a request. The only state is how often each interruption has happened.</summary>
internal sealed class ScriptTurns
{
    private readonly Lock _lock = new();
    private readonly List<List<ModelStep>> _turns = [];
    private readonly Dictionary<ModelStep, int> _happened = new(ReferenceEqualityComparer.Instance);

    public ScriptTurns(IReadOnlyList<ModelStep> steps)
    {
        if (steps.Count == 0)
        {
            throw new ArgumentException("A script needs a step.", nameof(steps));
        }

        List<ModelStep> turn = [];
        foreach (var step in steps)
        {
            turn.Add(step);
            if (step is ModelReply)
            {
                _turns.Add(turn);
                turn = [];
            }
        }

        if (turn.Count > 0)
        {
            _turns.Add(turn);
        }
    }

    public ModelStep Pick(int assistantMessages)
    {
        var turn = _turns[Math.Min(assistantMessages, _turns.Count - 1)];
        lock (_lock)
        {
            foreach (var step in turn)
            {
                if (step is not ModelInterruption { Times: { } times })
                {
                    return step;
                }

                var happened = _happened.GetValueOrDefault(step);
                if (happened < times)
                {
                    _happened[step] = happened + 1;
                    return step;
                }
            }
        }

        return turn[^1];
    }
}
