using System.Text.RegularExpressions;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>Makes a definition of a folder, or says everything that is wrong with it. Never throws for what a folder holds.</summary>
internal static partial class WorkflowLoader
{
    public const string File = "workflow.yaml";
    public const string OlderFile = "config.json";
    public const string NameRule = "lower-case letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit";

    public static LoadedFolder Load(string folder)
    {
        var name = Path.GetFileName(folder);
        var problems = new ProblemSink(name, folder);
        try
        {
            return new LoadedFolder(name, folder, Load(folder, name, problems), problems.Problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add("", Position.None, null, $"The folder can't be read: {e.Message}", "Let the server's user read it.");
        }
        catch (Exception e)
        {
            // One folder, whatever it holds, must not keep the others from being served.
            problems.Add("", Position.None, null, $"The folder can't be understood: {e.Message}", "Take out what was changed last, and report it: this should have been said better.");
        }
        return new LoadedFolder(name, folder, null, problems.Problems);
    }

    public static bool IsName(string name) => Name().IsMatch(name);

    private static CompiledWorkflow? Load(string folder, string name, ProblemSink problems)
    {
        // Links are followed within the directory of workflows (mounted config maps are made of them), not out of it.
        var parent = RealPath.Resolve(Path.GetDirectoryName(folder)!);
        var root = RealPath.Resolve(folder);
        if (root is null || parent is null || !RealPath.IsInside(root, parent))
        {
            problems.Add("", Position.None, null, "The folder is a link to a place outside the directory of workflows.", "Copy it here, or add the directory it stands in to the settings.");
            return null;
        }
        var files = new WorkflowFolder(folder, parent, problems);
        var hasYaml = Path.Exists(Path.Combine(folder, File));
        if (!hasYaml && !Path.Exists(Path.Combine(folder, OlderFile)))
        {
            problems.Add("", Position.None, null, $"The folder has no {File}.", $"Add a {File}; 'agent: claude' is enough.");
            return null;
        }
        var draft = hasYaml ? WorkflowYaml.Read(files, name, problems) : OlderShape.Read(files, name, problems);
        if (draft is null)
        {
            return null;
        }
        if (!IsName(draft.Definition.Name))
        {
            problems.Add(hasYaml ? File : "", draft.At("name"), "name", $"'{draft.Definition.Name}' can't be a workflow's name.", $"Use {NameRule}.");
        }
        var errors = new List<DefinitionError>();
        var compiled = CompiledWorkflow.Compile(draft.Definition, errors);
        foreach (var error in errors)
        {
            var (file, at) = draft.Place(error);
            problems.Add(file, at, error.Field, error.Message, error.Remedy);
        }
        return problems.Problems.Count == 0 ? compiled : null;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();
}
