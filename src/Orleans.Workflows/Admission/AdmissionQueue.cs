using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>One queue's waiting runs in order, and how many of its attempts run.</summary>
internal sealed class AdmissionQueue(string name)
{
    // Withdrawn runs stay in the line until they reach its head, so that leaving costs nothing.
    private readonly Queue<Offer> _line = [];
    private readonly HashSet<RunId> _present = [];

    public string Name { get; } = name;

    public int? Limit { get; set; }

    public int Running { get; set; }

    public int Waiting => _present.Count;

    public bool HasRoom => Limit is null || Running < Limit;

    public Offer? Head
    {
        get
        {
            while (_line.TryPeek(out var offer))
            {
                if (_present.Contains(offer.Run))
                {
                    return offer;
                }

                _line.Dequeue();
            }

            return null;
        }
    }

    public void Enqueue(Offer offer)
    {
        _present.Add(offer.Run);
        _line.Enqueue(offer);
    }

    public Offer Dequeue()
    {
        var head = Head ?? throw new InvalidOperationException("The queue is empty.");
        _line.Dequeue();
        _present.Remove(head.Run);
        return head;
    }

    public void Remove(RunId run) => _present.Remove(run);

    public int PositionOf(RunId run) =>
        1 + _line.Where(offer => _present.Contains(offer.Run)).TakeWhile(offer => offer.Run != run).Count();
}
