namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>What a <c>result</c> line says of its turn.</summary>
internal sealed record TurnResult
{
    /// <summary>Longest final text and structured output that are kept; the transcript holds the whole.</summary>
    public const int TextLimit = 1024 * 1024;

    public string? Subtype { get; init; }

    public bool IsError { get; init; }

    public string? TerminalReason { get; init; }

    public string? StopReason { get; init; }

    public int? ApiErrorStatus { get; init; }

    public string? ApiError { get; init; }

    public string? ApiErrorType { get; init; }

    /// <summary><c>errors[]</c> joined.</summary>
    public string? Errors { get; init; }

    public string? StartupFailure { get; init; }

    public string? Text { get; init; }

    /// <summary>As it stands in the line, or null.</summary>
    public string? StructuredOutput { get; init; }

    public void Save(BinaryWriter writer)
    {
        writer.WriteText(Subtype);
        writer.Write(IsError);
        writer.WriteText(TerminalReason);
        writer.WriteText(StopReason);
        writer.WriteNumber(ApiErrorStatus);
        writer.WriteText(ApiError);
        writer.WriteText(ApiErrorType);
        writer.WriteText(Errors);
        writer.WriteText(StartupFailure);
        writer.WriteText(Text);
        writer.WriteText(StructuredOutput);
    }

    public static TurnResult Load(BinaryReader reader) => new()
    {
        Subtype = reader.ReadText(),
        IsError = reader.ReadBoolean(),
        TerminalReason = reader.ReadText(),
        StopReason = reader.ReadText(),
        ApiErrorStatus = (int?)reader.ReadNumber(),
        ApiError = reader.ReadText(),
        ApiErrorType = reader.ReadText(),
        Errors = reader.ReadText(),
        StartupFailure = reader.ReadText(),
        Text = reader.ReadText(),
        StructuredOutput = reader.ReadText(),
    };
}
