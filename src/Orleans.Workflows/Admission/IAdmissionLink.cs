using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>This silo's line to the admission grain. Calls return at once; what they say is sent together, and again until it arrived.</summary>
internal interface IAdmissionLink
{
    void Offer(Offer offer);

    void Withdraw(RunId run);

    /// <summary>The attempt has durably ended.</summary>
    void Release(RunId run, int attempt);

    /// <summary>The run durably holds no locks any more, up to this attempt.</summary>
    void Unlock(RunId run, int attempt);

    /// <summary>What an attempt showed about what others need too.</summary>
    void Find(AttemptFinding finding);

    /// <summary>What an attempt has used so far, all of it each time. Sent within a second or so, or with the attempt's end at once.</summary>
    void Spend(AttemptUsage usage);

    /// <summary>Some limit is on tokens or money; true also as long as the grain has not answered.</summary>
    bool CountsUsage { get; }

    /// <summary>Some hold waits for what one run finds, as the grain last answered.</summary>
    bool IsProbing { get; }

    /// <summary>Runs that waited over all queues when the grain last answered.</summary>
    int Waiting { get; }

    /// <summary>Some limit refuses new runs, so admission has to be asked for each; true also as long as it has not answered.</summary>
    bool MayRefuse { get; }
}
