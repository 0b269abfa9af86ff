using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Orleans.Workflows.TestKit.Prerequisites;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>
/// A real PostgreSQL server of the tests' own, on 127.0.0.1 and a port of its own, in a temporary directory, as durable as
/// in production (fsync, synchronous commit). It ends, and its directory is removed, with disposal or however else the
/// test process ends. Tests that stop or restart it start their own; all others use <see cref="SharedAsync"/>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    internal const string NotInstalled =
        "PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin or PATH. infra/install-packages.sh installs it.";

    private const string Superuser = "postgres";
    private const int StartAttempts = 5;

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private static int _databases;

    private readonly string _programs;
    private readonly string _directory;
    private readonly string _password = RandomNumberGenerator.GetHexString(32);

    // That of initdb stays to remove the directory if this process ends while no server runs.
    private PostgresWatchdog? _directoryWatchdog;
    private PostgresWatchdog? _watchdog;

    private PostgresServer(string programs, string directory)
    {
        _programs = programs;
        _directory = directory;
    }

    /// <summary>Whether this machine has a PostgreSQL to start.</summary>
    public static bool IsInstalled => PostgresPrograms.Find() is not null;

    public int Port { get; private set; }

    /// <summary>The superuser's connection to the database <c>postgres</c>, without pooling.</summary>
    public string AdminConnectionString => Connection(Superuser, pooling: false);

    /// <summary>The one server of this test assembly, started by the first call. Not to be stopped or disposed.</summary>
    /// <remarks>Without an installed PostgreSQL the calling test is skipped, or fails where <c>CI=true</c>.</remarks>
    public static Task<PostgresServer> SharedAsync()
    {
        RequireInstalled();
        return Shared.Value;
    }

    /// <summary>Starts a server for the caller alone; about 2 s.</summary>
    /// <remarks>Without an installed PostgreSQL the calling test is skipped, or fails where <c>CI=true</c>.</remarks>
    public static async Task<PostgresServer> StartAsync()
    {
        var programs = RequireInstalled();
        var server = new PostgresServer(programs, Directory.CreateTempSubdirectory("ow-pg-").FullName);
        try
        {
            await server.InitializeAsync();
            await server.StartOnFreePortAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates an empty database and returns the superuser's connection string to it, pooled.</summary>
    /// <param name="prefix">Begins the database's name, for whoever reads the server's log: lower-case letters.</param>
    public async Task<string> CreateDatabaseAsync(string prefix = "test", CancellationToken cancellationToken = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(AdminConnectionString);
        await using var command = source.CreateCommand($"CREATE DATABASE \"{name}\"");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Connection(name, pooling: true);
    }

    /// <summary>Drops a database that <see cref="CreateDatabaseAsync"/> created, ending the sessions on it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await using var source = NpgsqlDataSource.Create(AdminConnectionString);
        await using var command = source.CreateCommand($"DROP DATABASE \"{name}\" WITH (FORCE)");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Stops the server; its data and its port stay. Waits until its processes are gone.</summary>
    public async Task StopAsync(PostgresStop how = PostgresStop.Fast)
    {
        if (_watchdog is { } watchdog)
        {
            await watchdog.StopAsync(how);
            watchdog.Dispose();
            _watchdog = null;
        }
    }

    /// <summary>Stops it unless it is stopped, starts it on the same port, and waits until it takes connections.</summary>
    /// <param name="immediate">Stop it as a crash would; see <see cref="PostgresStop.Immediate"/>.</param>
    public async Task RestartAsync(bool immediate = false)
    {
        await StopAsync(immediate ? PostgresStop.Immediate : PostgresStop.Fast);
        await LaunchAsync();
    }

    /// <summary>The last lines of the server's log.</summary>
    public string LogTail() => File.Exists(LogFile)
        ? string.Join(Environment.NewLine, File.ReadLines(LogFile).TakeLast(30))
        : "(no log)";

    public async ValueTask DisposeAsync()
    {
        foreach (var watchdog in new[] { _watchdog, _directoryWatchdog })
        {
            if (watchdog is not null)
            {
                await watchdog.RemoveAsync();
                watchdog.Dispose();
            }
        }
    }

    /// <summary>Whether <c>pg_stat_statements</c> can be created in its databases.</summary>
    public bool CountsStatements => File.Exists(Path.Combine(_programs, "..", "lib", "pg_stat_statements.so"));

    private string DataDirectory => Path.Combine(_directory, "data");

    private string LogFile => Path.Combine(_directory, "server.log");

    private static string RequireInstalled()
    {
        if (PostgresPrograms.Find() is { } programs)
        {
            return programs;
        }

        MissingPrerequisite.Report(NotInstalled);
        return "";
    }

    private async Task InitializeAsync()
    {
        var password = Path.Combine(_directory, "password");
        await File.WriteAllTextAsync(password, _password);
        if (PostgresUser.Owner is { } owner)
        {
            await RunAsync(["chown", "-R", owner, _directory]);
        }

        // The data is synchronised by the server from its start on; initdb's own work may be lost with the machine.
        _directoryWatchdog = new PostgresWatchdog(_directory, PostgresUser.Command(
        [
            Path.Combine(_programs, "initdb"), "--pgdata", DataDirectory, "--username", Superuser, "--pwfile", password,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions",
        ]));
        await _directoryWatchdog.ProgramEndAsync();
    }

    private static async Task RunAsync(IReadOnlyList<string> command)
    {
        var result = await RunningProgram.RunAsync(command[0], command.Skip(1), directory: "/");
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {result}");
        }
    }

    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = PostgresPort.Pick();
            try
            {
                await LaunchAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Another server took the port in between.
            }
        }
    }

    private async Task LaunchAsync()
    {
        _watchdog = new PostgresWatchdog(_directory, PostgresUser.Command(
        [
            Path.Combine(_programs, "postgres"), "-D", DataDirectory, "-p", $"{Port}", "-k", _directory,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on",
            "-c", "max_connections=200", "-c", $"shared_preload_libraries={(CountsStatements ? "pg_stat_statements" : "")}",
        ]));
        await WaitFor.Value(TryConnectAsync, LogTail, TestTimeouts.Process);
    }

    private async ValueTask<string?> TryConnectAsync(CancellationToken cancellationToken)
    {
        if (_watchdog!.ProgramEnded)
        {
            await StopAsync(PostgresStop.Immediate);
            throw new InvalidOperationException($"PostgreSQL did not start.{Environment.NewLine}{LogTail()}");
        }

        try
        {
            await using var connection = new NpgsqlConnection(AdminConnectionString);
            await connection.OpenAsync(cancellationToken);
            return "ready";
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private string Connection(string database, bool pooling) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = Superuser,
        Password = _password,
        Pooling = pooling,
    }.ConnectionString;
}
