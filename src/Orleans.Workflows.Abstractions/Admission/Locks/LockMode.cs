using System.Text.Json.Serialization;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>How a lock is held.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockMode>))]
public enum LockMode
{
    /// <summary>By nobody else.</summary>
    Exclusive,

    /// <summary>With any number of others that share it.</summary>
    Shared,
}
