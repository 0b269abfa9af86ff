using System.Net.Sockets;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>What goes wrong on one silo must be understood on the one that asked.</summary>
public sealed class WireExceptionTests
{
    private static readonly Assembly[] OfSilo = [typeof(ILedger).Assembly, typeof(RunStarter).Assembly, typeof(IWorkflowGrain).Assembly, typeof(Agents.AgentCatalog).Assembly];

    /// <summary>Caught where they are thrown, by the reader of workflow files.</summary>
    private static readonly string[] OfOneFolder = ["SourceException"];

    [Fact]
    public async Task Every_exception_of_ours_arrives_as_what_it_was_with_all_that_it_says()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var serializer = server.Services.GetRequiredService<Serializer>();
        var types = OfSilo.Distinct().SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(Exception)) && !type.IsAbstract && !OfOneFolder.Contains(type.Name)).ToArray();
        Assert.Contains(typeof(RunConflictException), types);
        Assert.Contains(typeof(LedgerUnavailableException), types);
        Assert.All(types, type =>
        {
            var sent = Make(type);
            var arrived = Travel(serializer, sent);
            Assert.Equal((type, sent.Message, sent.InnerException?.Message), (arrived.GetType(), arrived.Message, arrived.InnerException?.Message));
            foreach (var property in type.GetProperties().Where(property => property.DeclaringType == type))
            {
                Assert.True(Equals(property.GetValue(sent), property.GetValue(arrived)), $"{type.Name}.{property.Name}: {property.GetValue(sent)} arrived as {property.GetValue(arrived)}");
            }
        });
    }

    [Fact]
    public async Task A_database_driver_s_error_arrives_as_one()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var serializer = server.Services.GetRequiredService<Serializer>();
        Exception[] errors =
        [
            new NpgsqlException("gone", new SocketException(111)),
            new PostgresException("terminating connection", "FATAL", "FATAL", "57P01"),
            new SqliteException("disk I/O error", 10),
            new LedgerUnavailableException("away", new NpgsqlException("gone", new IOException("broken pipe"))),
            new OrleansException("storage", new PostgresException("terminating connection", "FATAL", "FATAL", "57P01")),
        ];
        Assert.All(errors, sent =>
        {
            var arrived = Travel(serializer, sent);
            Assert.Equal((sent.GetType(), sent.Message), (arrived.GetType(), arrived.Message));
        });
    }

    private static Exception Travel(Serializer serializer, Exception sent) =>
        Assert.IsAssignableFrom<Exception>(serializer.Deserialize<object>(serializer.SerializeToArray<object>(sent)));

    private static Exception Make(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).MaxBy(candidate => candidate.GetParameters().Length)!;
        var exception = (Exception)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
        foreach (var property in type.GetProperties().Where(property => property.DeclaringType == type && property.CanWrite))
        {
            property.SetValue(exception, Sample(property.PropertyType));
        }

        return exception;
    }

    private static object? Sample(Type type) => type switch
    {
        _ when type == typeof(string) => "words",
        _ when type == typeof(int) => 11,
        _ when type == typeof(Exception) => new IOException("inner"),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(0),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
