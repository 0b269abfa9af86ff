using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workflows.Loading;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// The workflows of this node's directories. Readers take one snapshot and are never blocked; a reload swaps it whole. A
/// folder that broke is served as it last was, with its problem listed, until it is mended or removed. Thread-safe.
/// </summary>
public sealed partial class WorkflowCatalog(IOptions<WorkflowsOptions> options, ILogger<WorkflowCatalog> logger) : IDisposable
{
    private const int FoldersLimit = 1_000;
    private readonly SemaphoreSlim _reloading = new(1, 1);
    private Dictionary<string, CompiledWorkflow> _lastGood = new(StringComparer.Ordinal);
    private volatile CatalogSnapshot? _current;

    /// <summary>Loads on first use.</summary>
    public CatalogSnapshot Current => _current ?? LoadFirst();

    /// <summary>The workflow, or a failure that says which names there are or why its folder is broken.</summary>
    public CompiledWorkflow? Find(string name, out Failure? failure)
    {
        var snapshot = Current;
        var found = snapshot.Find(name);
        failure = found is null ? NotFound(name, snapshot) : null;
        return found;
    }

    /// <summary>Reads all directories again. Calls at once are served one after the other.</summary>
    public async Task<CatalogSnapshot> ReloadAsync(CancellationToken cancellationToken = default)
    {
        await _reloading.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(Load, cancellationToken);
        }
        finally
        {
            _reloading.Release();
        }
    }

    public void Dispose() => _reloading.Dispose();

    private CatalogSnapshot LoadFirst()
    {
        _reloading.Wait();
        try
        {
            return _current ?? Load();
        }
        finally
        {
            _reloading.Release();
        }
    }

    private CatalogSnapshot Load()
    {
        var good = new Dictionary<string, CompiledWorkflow>(StringComparer.Ordinal);
        var problems = new List<WorkflowProblem>();
        var byName = new Dictionary<string, LoadedFolder>(StringComparer.Ordinal);
        var broken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directory in options.Value.Directories)
        {
            Merge(Folders(directory, problems), byName, good, problems, broken, isShipped: false);
        }
        if (options.Value.ShippedDirectory is { } shipped && Directory.Exists(shipped))
        {
            Merge(Folders(shipped, problems), byName, good, problems, broken, isShipped: true);
        }
        _lastGood = good;
        var before = _current;
        var next = new CatalogSnapshot([.. byName.Values.Select(folder => folder.Workflow!)], problems);
        _current = next;
        Report(before, next);
        return next;
    }

    private void Merge(IEnumerable<string> folders, Dictionary<string, LoadedFolder> byName, Dictionary<string, CompiledWorkflow> good, List<WorkflowProblem> problems, HashSet<string> broken, bool isShipped)
    {
        foreach (var path in folders)
        {
            var folder = WorkflowLoader.Load(path);
            problems.AddRange(folder.Problems);
            if ((folder.Workflow ?? _lastGood.GetValueOrDefault(path)) is not { } workflow)
            {
                broken.Add(folder.Folder);
                continue;
            }
            good[path] = workflow;
            var name = workflow.Definition.Name;
            // Who replaces a shipped workflow must not get it back unawares because the replacement broke.
            if (isShipped && (broken.Contains(name) || byName.ContainsKey(name)))
            {
                continue;
            }
            if (byName.TryAdd(name, folder with { Workflow = workflow }))
            {
                continue;
            }
            problems.Add(new WorkflowProblem(folder.Folder, path, 0, 0, "name", $"The workflow '{name}' is already defined in {byName[name].Path}.", "Rename one of them; the first one is used."));
        }
    }

    private static string[] Folders(string directory, List<WorkflowProblem> problems)
    {
        try
        {
            var folders = Directory.EnumerateDirectories(Path.GetFullPath(directory)).Where(path => !Path.GetFileName(path).StartsWith('.'))
                .Take(FoldersLimit + 1).Order(StringComparer.Ordinal).ToArray();
            if (folders.Length > FoldersLimit)
            {
                problems.Add(new WorkflowProblem("", directory, 0, 0, null, $"The directory has more than {FoldersLimit} folders; the rest is not read.", "Name the directory that holds the workflows themselves."));
            }
            return folders;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new WorkflowProblem("", directory, 0, 0, null, $"The directory can't be read: {e.Message}", "Create it or let the server's user read it."));
            return [];
        }
    }

    private static Failure NotFound(string name, CatalogSnapshot snapshot)
    {
        if (snapshot.Problems.FirstOrDefault(problem => problem.Workflow == name) is { } problem)
        {
            return Failure.NotFound($"The workflow '{name}' is broken: {problem.Message} ({Path.GetFileName(problem.File)}, line {problem.Line})", problem.Remedy) with { Field = "workflow" };
        }
        var names = string.Join(", ", snapshot.Workflows.Select(workflow => workflow.Definition.Name));
        var meant = Suggestion.For(name, snapshot.Workflows.Select(workflow => workflow.Definition.Name));
        return Failure.NotFound($"There is no workflow '{name}'.", $"{(meant is null ? "" : $"Did you mean '{meant}'? ")}There are: {names}. Add a folder with a workflow.yaml for a new one.") with { Field = "workflow" };
    }
}
