using Orleans.Workflows.Runs;
using System.IO.Enumeration;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workspaces.Git;

namespace Orleans.Workflows.Workspaces;

/// <summary>Workspaces that are plain directories: new temporary ones and existing ones.</summary>
internal sealed class DirectoryKind(IOptions<WorkspacesOptions> options, GitRunner git, WorkspaceStore store)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int FilesCounted = 100_000;

    public async Task<WorkspaceResult> CreateAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        var workspace = new Workspace { Run = request.Run, Attempt = request.Attempt, Kind = request.Kind, Directory = store.WorkDirectory(request.Run, request.Attempt), Ready = true };
        if (request.Kind == WorkspaceKind.Temporary)
        {
            Directory.CreateDirectory(store.RunDirectory(request.Run), Private);
            Directory.CreateDirectory(workspace.Directory, Private);
        }
        else
        {
            if (request.Path is null)
            {
                return Failure.Invalid("path", "The workflow works in an existing directory, and the request names none.", "Add the absolute path of the directory.");
            }
            var (path, failure) = AllowedPaths.Check(request.Path, "path", options.Value);
            if (failure is not null)
            {
                return failure;
            }
            workspace = workspace with { Directory = path! };
            var branch = await git.RunAsync(path!, ["symbolic-ref", "--quiet", "--short", "HEAD"], cancellationToken);
            workspace = workspace with { FirstCommit = await HeadAsync(workspace, cancellationToken), Branch = branch.Succeeded ? branch.Output.Trim() : null };
        }
        store.Write(workspace);
        return workspace;
    }

    /// <summary>The commit that is checked out there, or null outside of git.</summary>
    public async Task<string?> HeadAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (workspace.Kind == WorkspaceKind.Temporary)
        {
            return null;
        }
        var head = await git.RunAsync(workspace.Directory, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], cancellationToken);
        return head.Succeeded ? head.Output.Trim() : null;
    }

    public async Task<WorkspaceChanges> FinishAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(workspace.Directory))
        {
            return new WorkspaceChanges { Failure = Failure.Conflict("workspace_gone", $"The directory {workspace.Directory} does not exist any more.") };
        }
        return workspace.Kind == WorkspaceKind.Temporary ? Listed(workspace) : await ComparedAsync(workspace, cancellationToken);
    }

    public static bool Remove(Workspace workspace, bool dryRun, List<string> removed, List<KeptItem> kept)
    {
        if (workspace.Kind == WorkspaceKind.Directory)
        {
            kept.Add(new KeptItem(workspace.Directory, "It was there before the run."));
            return true;
        }
        if (!dryRun)
        {
            DirectoryRemoval.Delete(workspace.Directory);
        }
        removed.Add(workspace.Directory);
        return true;
    }

    private WorkspaceChanges Listed(Workspace workspace)
    {
        // Links are listed as what they are and never followed.
        var found = new FileSystemEnumerable<string>(workspace.Directory, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry) && !entry.FileName.SequenceEqual(".git"),
        };
        var paths = found.Take(FilesCounted).Select(path => Path.GetRelativePath(workspace.Directory, path)).Order(StringComparer.Ordinal).ToList();
        return new WorkspaceChanges
        {
            ChangedFiles = [.. paths.Take(options.Value.ChangedFilesLimit).Select(path => new ChangedFile(path, "added", null, null))],
            ChangedFilesTotal = paths.Count,
        };
    }

    private async Task<WorkspaceChanges> ComparedAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (workspace.FirstCommit is not { } first)
        {
            return new WorkspaceChanges();
        }
        var settings = await git.FilterSettingsAsync(workspace.Directory, cancellationToken);
        var compared = await git.RunAsync(workspace.Directory, [.. GitChanges.Arguments, "--relative", first, "--"], cancellationToken, settings);
        var untracked = await git.RunAsync(workspace.Directory, ["ls-files", "--others", "--exclude-standard", "-z"], cancellationToken, settings);
        if (!compared.Succeeded || !untracked.Succeeded)
        {
            var wrong = compared.Succeeded ? untracked : compared;
            return new WorkspaceChanges { FirstCommit = first, Failure = Failure.Conflict("git_failed", $"git could not compare the directory: {wrong.Explanation}") };
        }
        var files = GitChanges.Parse(compared.Output);
        files.AddRange(untracked.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => new ChangedFile(path, "added", null, null)));
        return new WorkspaceChanges
        {
            FirstCommit = first,
            LastCommit = await HeadAsync(workspace, cancellationToken),
            Branch = workspace.Branch,
            ChangedFiles = [.. files.Take(options.Value.ChangedFilesLimit)],
            ChangedFilesTotal = files.Count,
        };
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
