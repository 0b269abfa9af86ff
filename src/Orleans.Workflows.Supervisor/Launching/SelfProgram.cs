namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>How this program starts itself again: natively, or through the shared runtime's <c>dotnet</c>.</summary>
internal static class SelfProgram
{
    private const string Library = "orleans-workflows-supervisor.dll";

    // RuntimeFeature can't tell: a project that may be published natively turns its answer off in both builds.
    internal static bool IsNative { get; } = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    internal static string[] Command()
    {
        // The file may have been replaced by an upgrade since; the link still leads to what runs here.
        if (IsNative)
            return ["/proc/self/exe"];

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        var muxer = root is null ? null : Path.Combine(root, "dotnet");
        return [muxer is not null && File.Exists(muxer) ? muxer : Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, Library)];
    }
}
