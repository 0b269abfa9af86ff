using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Circuits;

/// <summary>A circuit for each credential, model and agent that has failed an attempt. Memory: what it has seen is forgotten with a restart; a hold that came of it is not.</summary>
/// <param name="opened">Told of whom nobody should start, for how long, and of what the last one failed.</param>
/// <param name="closed">Told what works again.</param>
internal sealed class CircuitBook(CircuitOptions options, TimeProvider time, Action<HoldSubject, TimeSpan, string> opened, Action<HoldSubject> closed)
{
    /// <summary>Models are as callers name them: those that fail are forgotten when there are too many.</summary>
    private const int MostCircuits = 1_000;

    private readonly Dictionary<HoldSubject, Circuit> _circuits = [];
    private string _reason = "";

    /// <summary>Nothing of what a run depends on has failed it, and its model has answered.</summary>
    public void Succeed(Demand demand)
    {
        foreach (var dependency in Enum.GetValues<Dependency>())
        {
            if (SubjectOf(dependency, demand) is { } subject && _circuits.TryGetValue(subject, out var circuit))
            {
                circuit.Report(works: true);
            }
        }
    }

    public void Fail(HoldSubject subject, string reason)
    {
        if (!_circuits.TryGetValue(subject, out var circuit))
        {
            if (_circuits.Count >= MostCircuits)
            {
                _circuits.Clear();
            }

            _circuits.Add(subject, circuit = new(options, time, duration => opened(subject, duration, _reason), () => closed(subject)));
        }

        _reason = reason;
        circuit.Report(works: false);
    }

    /// <summary>A person has judged otherwise: it is asked anew.</summary>
    public void Forget(HoldSubject subject) => _circuits.Remove(subject);

    /// <summary>Whom a failure concerns; null: nobody else who could be told by it.</summary>
    public static HoldSubject? SubjectOf(Dependency dependency, Demand demand) => dependency switch
    {
        Dependency.Credential => Of(LimitDimension.Credential, demand.Credential),

        // Whoever asks for the agent's own model shares it with all who do, and those are not told apart.
        Dependency.Model => Of(LimitDimension.Model, demand.Model) ?? Of(LimitDimension.Agent, demand.Agent),
        _ => Of(LimitDimension.Agent, demand.Agent),
    };

    private static HoldSubject? Of(LimitDimension dimension, string? key) => key is null ? null : HoldSubject.Of(dimension, null, key);
}
