namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>The plain values that a stream-json parser remembers; what needs logic of its own has its own fold.</summary>
internal sealed class StreamState
{
    public AgentPhase Phase { get; set; }

    public string? SessionId { get; set; }

    public string? Model { get; set; }

    public string? Version { get; set; }

    public int Turns { get; set; }

    public int? AgentTurns { get; set; }

    public int Results { get; set; }

    public int BrokenLines { get; set; }

    public long Lines { get; set; }

    public long? SessionApiMs { get; set; }

    public bool HasInit { get; set; }

    public bool HasMessages { get; set; }

    /// <summary>Something of a turn came after the last result: the result is not the last word.</summary>
    public bool TurnIsOpen { get; set; }

    /// <summary>The init lists the tool that a schema brings.</summary>
    public bool StructuredOutputAsked { get; set; }

    /// <summary>The stream says that a person or a signal interrupted the turn.</summary>
    public bool InterruptSeen { get; set; }

    /// <summary>What the model's refusal said, of this turn.</summary>
    public string? Refusal { get; set; }

    /// <summary>The agent's last own error message, of this turn.</summary>
    public string? ErrorText { get; set; }

    public string? RetryingOn { get; set; }

    public long? RetryDelayMs { get; set; }

    /// <summary>Unix seconds at which the account's limit resets, while it is exceeded.</summary>
    public long? LimitResetsAt { get; set; }

    /// <summary>The message that stream events speak of when they do not name it.</summary>
    public string? StreamingId { get; set; }

    public TurnResult? Result { get; set; }

    public void Save(BinaryWriter writer)
    {
        writer.Write((byte)Phase);
        writer.WriteText(SessionId);
        writer.WriteText(Model);
        writer.WriteText(Version);
        writer.Write7BitEncodedInt(Turns);
        writer.WriteNumber(AgentTurns);
        writer.Write7BitEncodedInt(Results);
        writer.Write7BitEncodedInt(BrokenLines);
        writer.Write7BitEncodedInt64(Lines);
        writer.WriteNumber(SessionApiMs);
        writer.Write(HasInit);
        writer.Write(HasMessages);
        writer.Write(TurnIsOpen);
        writer.Write(StructuredOutputAsked);
        writer.Write(InterruptSeen);
        writer.WriteText(Refusal);
        writer.WriteText(ErrorText);
        writer.WriteText(RetryingOn);
        writer.WriteNumber(RetryDelayMs);
        writer.WriteNumber(LimitResetsAt);
        writer.WriteText(StreamingId);
        writer.Write(Result is not null);
        Result?.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        Phase = (AgentPhase)reader.ReadByte();
        SessionId = reader.ReadText();
        Model = reader.ReadText();
        Version = reader.ReadText();
        Turns = reader.Read7BitEncodedInt();
        AgentTurns = (int?)reader.ReadNumber();
        Results = reader.Read7BitEncodedInt();
        BrokenLines = reader.Read7BitEncodedInt();
        Lines = reader.Read7BitEncodedInt64();
        SessionApiMs = reader.ReadNumber();
        HasInit = reader.ReadBoolean();
        HasMessages = reader.ReadBoolean();
        TurnIsOpen = reader.ReadBoolean();
        StructuredOutputAsked = reader.ReadBoolean();
        InterruptSeen = reader.ReadBoolean();
        Refusal = reader.ReadText();
        ErrorText = reader.ReadText();
        RetryingOn = reader.ReadText();
        RetryDelayMs = reader.ReadNumber();
        LimitResetsAt = reader.ReadNumber();
        StreamingId = reader.ReadText();
        Result = reader.ReadBoolean() ? TurnResult.Load(reader) : null;
    }
}
