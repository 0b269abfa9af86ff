using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>So many starts in any window of a period: exact, since every start of the last one is remembered.</summary>
internal sealed class StartRateConstraint(LimitRule rule, string? key, TimeProvider time) : LimitConstraint(rule, key, time)
{
    private readonly TimeProvider _time = time;
    private readonly Queue<long> _starts = [];

    public override bool IsEmpty => Recent == 0;

    public override decimal Used => Recent;

    public override long? OpensAt => Most > 0 && Recent >= Most
        ? _starts.ElementAt(_starts.Count - Most) + (long)(Rule.Period.TotalSeconds * _time.TimestampFrequency)
        : null;

    private int Recent
    {
        get
        {
            while (_starts.TryPeek(out var oldest) && _time.GetElapsedTime(oldest) >= Rule.Period)
            {
                _starts.Dequeue();
            }

            return _starts.Count;
        }
    }

    public override bool Has(int places) => places <= Most - Recent;

    public override void Take(bool isStart)
    {
        if (isStart)
        {
            _starts.Enqueue(_time.GetTimestamp());
        }
    }
}
