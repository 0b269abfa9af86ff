using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Workflows.Benchmarks;

/// <summary>One line of output. What a benchmark does not measure is left out.</summary>
internal sealed record Measurement
{
    public required string Bench { get; init; }
    public required string Database { get; init; }
    public required int Runs { get; init; }
    public required int Trials { get; init; }
    public double? PerSecond { get; init; }
    public double? FloorPerSecond { get; init; }

    /// <summary>Median of the trials' own ratios: each trial is paired with a floor of its own.</summary>
    public double? RatioToFloor { get; init; }
    public double? P50StartMs { get; init; }
    public double? P99StartMs { get; init; }
    public double? FloorP50StartMs { get; init; }
    public double? FloorP99StartMs { get; init; }

    /// <summary>Of the server process (and PostgreSQL's below), for one trial.</summary>
    public double? CpuSeconds { get; init; }
    public double? DatabaseCpuSeconds { get; init; }
    public double? PeakRssMb { get; init; }

    /// <summary>Of all cores, from 0 to 1.</summary>
    public double? MachineBusy { get; init; }

    /// <summary>Time that the machine's host took away from it, of all cores, from 0 to 1.</summary>
    public double? MachineStolen { get; init; }
    public double? BytesPerRun { get; init; }
    public double? StatementsPerSecond { get; init; }

    /// <summary>Those of Orleans' membership, which are not in <see cref="StatementsPerSecond"/>.</summary>
    public double? MembershipPerSecond { get; init; }

    /// <summary>From the server's start until it knows what waits; and of one where nothing does.</summary>
    public double? Seconds { get; init; }
    public double? FloorSeconds { get; init; }

    /// <summary>Starts that were answered with 429, and those that had no answer in time or another one.</summary>
    public long? Refused { get; init; }
    public long? Failed { get; init; }

    /// <summary>Seconds that the refused were told to wait, and the tries after which those were accepted who did.</summary>
    public double? P50RetryAfter { get; init; }
    public double? P99RetryAfter { get; init; }
    public double? P99AcceptedLater { get; init; }
    public double? P99AnswerMs { get; init; }
    public double? P99StatusMs { get; init; }

    /// <summary>Managed memory after collection, each 30 s.</summary>
    public IReadOnlyList<double>? MemoryMb { get; init; }

    /// <summary>The figures that a check compares.</summary>
    public SortedDictionary<string, double> Compared()
    {
        var figures = new SortedDictionary<string, double>();
        foreach (var (name, value) in new[] { ("ratioToFloor", RatioToFloor), ("bytesPerRun", BytesPerRun), ("statementsPerSecond", StatementsPerSecond) })
        {
            if (value is { } figure)
            {
                figures[name] = figure;
            }
        }

        return figures;
    }

    public void Print() => Console.WriteLine(JsonSerializer.Serialize(this, MeasurementJson.Default.Measurement));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Measurement))]
internal sealed partial class MeasurementJson : JsonSerializerContext;
