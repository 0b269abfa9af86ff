namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>How this program, on the shared runtime, starts itself again.</summary>
internal static class SelfProgram
{
    private const string Library = "orleans-workflows-supervisor.dll";

    // RuntimeFeature can't tell: a project that may be published natively turns its answer off in both builds.
    internal static bool IsNative { get; } = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    internal static string[] Command()
    {
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        var muxer = root is null ? null : Path.Combine(root, "dotnet");
        return [muxer is not null && File.Exists(muxer) ? muxer : Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, Library)];
    }
}
