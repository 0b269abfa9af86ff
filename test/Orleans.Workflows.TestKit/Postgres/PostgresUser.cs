namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>Who runs the server. It refuses root, so root's tests run it as <c>postgres</c> or, without one, <c>nobody</c>.</summary>
internal static class PostgresUser
{
    private static readonly (string User, string Group)? Other = Environment.IsPrivilegedProcess ? Choose() : null;

    /// <summary>For <c>chown</c>, or null if the server runs as the test's own user.</summary>
    public static string? Owner => Other is { } other ? $"{other.User}:{other.Group}" : null;

    /// <summary>The command, run as that user.</summary>
    public static IReadOnlyList<string> Command(params IReadOnlyList<string> command) => Other is { } other
        ? ["setpriv", "--reuid", other.User, "--regid", other.Group, "--clear-groups", "--", .. command]
        : command;

    private static (string User, string Group) Choose()
    {
        // postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(f => f.Length > 3).ToArray();
        var account = accounts.FirstOrDefault(f => f[0] == "postgres") ?? accounts.First(f => f[0] == "nobody");
        return (account[2], account[3]);
    }
}
