using System.Diagnostics.CodeAnalysis;
using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Spending;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>What is given out: grants that are not claimed yet, and the ledger's open attempts.</summary>
internal sealed partial class AdmissionIndex
{
    private readonly Dictionary<RunId, Slot> _slots = [];

    /// <summary>The timestamp of the oldest grant whose claim is not known; null when there is none.</summary>
    public long? OldestUnclaimed
    {
        get
        {
            long? oldest = null;
            foreach (var slot in _slots.Values)
            {
                if (slot.Attempt is null && (oldest is null || slot.GrantedAt < oldest))
                {
                    oldest = slot.GrantedAt;
                }
            }

            return oldest;
        }
    }

    /// <summary>The attempts that hold slots; grants are none yet.</summary>
    public IEnumerable<ReleasedSlot> Attempts =>
        _slots.Where(slot => slot.Value.Attempt is not null).Select(slot => new ReleasedSlot(slot.Key, slot.Value.Attempt!.Value));

    /// <summary>An attempt that the ledger shows as not ended occupies its slot; false when it does already, or a grant's claim may say so yet.</summary>
    public bool Occupy(RunId run, int attempt, string queue, string node, string? demand = null)
    {
        Withdraw(run);
        if (_slots.TryGetValue(run, out var slot))
        {
            if (slot.Attempt is null || slot.Attempt >= attempt)
            {
                return false;
            }

            Free(run, slot);
        }

        Hold(run, new(QueueOf(queue), NodeOf(node), demand, _limits.Resolve(Demand.FromJson(demand), queue)) { Attempt = attempt });
        return true;
    }

    /// <summary>A grant became an attempt.</summary>
    public void Claim(Grant grant, int attempt)
    {
        if (TryFindUnclaimed(grant, out var slot))
        {
            slot.Attempt = attempt;
            Recharge(grant.Run, slot);
            _locks.Claim(grant.Run, attempt);
            if (slot.Ended >= attempt)
            {
                Free(grant.Run, slot);
            }
        }
    }

    /// <summary>A grant will not be claimed.</summary>
    public void Return(Grant grant)
    {
        if (TryFindUnclaimed(grant, out var slot))
        {
            _locks.Return(grant.Run);
            Free(grant.Run, slot);
        }
    }

    /// <summary>An attempt has durably ended.</summary>
    /// <returns>Whether a slot became free.</returns>
    public bool Release(RunId run, int attempt)
    {
        if (!_slots.TryGetValue(run, out var slot))
        {
            return false;
        }

        if (slot.Attempt is null)
        {
            // Its claim may be told by another silo than its end, and later.
            slot.Ended = Math.Max(slot.Ended, attempt);
        }
        else if (slot.Attempt <= attempt)
        {
            Free(run, slot);
            return true;
        }

        return false;
    }

    private bool TryFindUnclaimed(Grant grant, [NotNullWhen(true)] out Slot? slot) =>
        _slots.TryGetValue(grant.Run, out slot) && slot.Attempt is null && slot.Grant == grant;

    private void Hold(RunId run, Slot slot)
    {
        _slots.Add(run, slot);
        slot.Queue.Running++;
        slot.Node.Running++;
        if (slot.Grant is not null && slot.Node.Starts < int.MaxValue)
        {
            slot.Node.Starts--;
        }

        slot.Take();
        Charge(run, slot);
    }

    private void Free(RunId run, Slot slot)
    {
        _slots.Remove(run);
        slot.Queue.Running--;
        slot.Node.Running--;
        slot.Give(isEnd: true);
        Settle(run, slot);
        EndProbe(run);
        foreach (var limit in slot.Limits.Span)
        {
            Open(limit);
        }
    }

    private sealed class Slot(AdmissionQueue queue, AdmissionNode node, string? demand, LimitSet limits)
    {
        public AdmissionQueue Queue => queue;

        public AdmissionNode Node => node;

        public string? Demand => demand;

        public LimitSet Limits { get; private set; } = limits;

        /// <summary>What gave the slot; null when the ledger showed it.</summary>
        public Grant? Grant { get; init; }

        public long GrantedAt { get; init; }

        /// <summary>What occupies it; null until the grant is known to be claimed.</summary>
        public int? Attempt { get; set; }

        /// <summary>The last attempt of the run that is known to have ended while the claim is not known.</summary>
        public int Ended { get; set; }

        /// <summary>The last attempt of the run of which it is known what failed it.</summary>
        public int Failed { get; set; }

        /// <summary>What it has reserved of tokens and money.</summary>
        public Charge[] Charges { get; set; } = [];

        public void Take() => Count(isStart: Grant is not null);

        public void Give(bool isEnd)
        {
            Limits.Use(-1);
            foreach (var limit in Limits.Span)
            {
                limit.Give(isEnd);
            }
        }

        /// <summary>It started once, under whatever rules: what is counted anew is that it runs.</summary>
        public void Recount(LimitSet limits)
        {
            Give(isEnd: false);
            Limits = limits;
            Count(isStart: false);
        }

        private void Count(bool isStart)
        {
            Limits.Use(1);
            foreach (var limit in Limits.Span)
            {
                limit.Take(isStart);
            }
        }
    }
}
