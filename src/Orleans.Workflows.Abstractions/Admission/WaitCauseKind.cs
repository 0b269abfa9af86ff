namespace Orleans.Workflows.Admission;

/// <summary>Why a queued run does not start now.</summary>
public enum WaitCauseKind
{
    /// <summary>A limit is reached.</summary>
    Limit,

    /// <summary>The node that holds its session and workspace has no free slot.</summary>
    Node,

    /// <summary>No node has a free slot.</summary>
    Capacity,

    /// <summary>A lock is held by another run.</summary>
    Lock,

    /// <summary>Nobody with its key starts as long as it is held.</summary>
    Hold,

    /// <summary>No node that is in touch has all the labels that it needs, or the one that holds its session has not.</summary>
    Needs,

    /// <summary>Others are before it.</summary>
    Turn,
}
