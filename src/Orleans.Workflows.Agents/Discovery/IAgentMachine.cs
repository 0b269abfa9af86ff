namespace Orleans.Workflows.Agents.Discovery;

/// <summary>What an adapter asks of the machine it builds launches for.</summary>
public interface IAgentMachine
{
    /// <summary>A variable of the engine's own environment, or null.</summary>
    string? Variable(string name);

    bool IsRoot { get; }

    /// <summary>The directory of the engine's own program, with <c>programs/</c> below it.</summary>
    string ProgramDirectory { get; }

    /// <summary>A regular file that may be executed.</summary>
    bool IsExecutable(string path);

    bool FileExists(string path);

    /// <summary>Files that match a path whose directories may be <c>*</c>, newest name first.</summary>
    IReadOnlyList<string> Match(string directory, string rest);

    /// <summary>What the program prints for <c>--version</c>, asked at most once for each file as it stands; null when it does not answer in seconds.</summary>
    string? Version(string program);
}
