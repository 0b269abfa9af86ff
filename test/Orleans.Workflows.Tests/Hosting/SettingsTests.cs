using System.ComponentModel;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Retention;
using Orleans.Workflows.Workspaces;
using Orleans.Workflows.Workspaces.Collection;

namespace Orleans.Workflows.Tests.Hosting;

/// <summary>A setting that can't work stops the start, with its full name and what it may be.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Slots", "-1", "0 or more")]
    [InlineData("NodeLease", "00:00:01", "between 4 seconds and 1 day")]
    [InlineData("NodeLease", "2.00:00:00", "between 4 seconds and 1 day")]
    [InlineData("Lease", "00:00:00.5", "between 1 second and 1 day, or not set")]
    [InlineData("ReconcilePeriod", "00:00:00", "between 0.1 seconds and 1 day")]
    [InlineData("MemoryLimit", "1048576", "16777216 (16 MB) to")]
    [InlineData("MaximumMemoryLimit", "0", "16777216 (16 MB) to")]
    public void An_execution_that_can_not_work_is_refused(string setting, string value, string remedy) =>
        AssertRefused(new ExecutionOptionsValidator(), new ExecutionOptions(), $"Workflows:Execution:{setting}", setting, value, remedy);

    [Theory]
    [InlineData("DefaultQueueLimit", "-1", "0 or more")]
    [InlineData("PriorityAging", "-00:00:01", "0 (never) or more")]
    [InlineData("ClaimTimeout", "00:00:00", "longer than 0")]
    [InlineData("HealPeriod", "2.00:00:00", "at most 1 day")]
    [InlineData("ReconcilePeriod", "-00:00:01", "longer than 0")]
    [InlineData("PollWait", "00:00:00", "longer than 0")]
    public void An_admission_that_can_not_work_is_refused(string setting, string value, string remedy) =>
        AssertRefused(new AdmissionOptionsValidator(), new AdmissionOptions(), $"Workflows:Admission:{setting}", setting, value, remedy);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_that_gives_no_turns_or_all_is_refused(double weight)
    {
        var options = new AdmissionOptions { FairnessWeights = { ["a"] = weight }, QueueLimits = { ["q"] = -1 } };
        Assert.Equal(
            ["Workflows:Admission:FairnessWeights:a must be above 0", "Workflows:Admission:QueueLimits:q must be 0 or more"],
            new AdmissionOptionsValidator().Validate(null, options).Failures!.Select(error => error.Split(", not")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_agent_must_be_over_before_its_run_may_go_on_elsewhere()
    {
        var options = new ExecutionOptions { NodeLease = TimeSpan.FromMinutes(1), Lease = TimeSpan.FromMinutes(5) };
        options.AdoptionWindow = TimeSpan.FromMinutes(6);
        var errors = new ExecutionOptionsValidator().Validate(null, options);
        Assert.Contains("Workflows:Execution:AdoptionWindow (00:06:00) must be longer", Assert.Single(errors.Failures!), StringComparison.Ordinal);

        options.AdoptionWindow = TimeSpan.FromMinutes(7);
        Assert.True(new ExecutionOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void What_runs_have_as_their_memory_limit_is_not_above_what_they_may_have()
    {
        var options = new ExecutionOptions { MemoryLimit = 2L << 30, MaximumMemoryLimit = 1L << 30 };
        Assert.Contains("Workflows:Execution:MaximumMemoryLimit (1073741824) must not be below", Assert.Single(new ExecutionOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_no_run_could_name_are_refused()
    {
        Assert.Equal(["'Workflows:Node:Labels' has 'a b', which is no label. Use at most 63 letters, digits, '.', '-' and '_', beginning with a letter or digit."],
            new NodeOptionsValidator().Validate(null, new NodeOptions { Labels = ["docker", "a b"] }).Failures!);
        var many = new NodeOptions { Labels = [.. Enumerable.Range(0, 33).Select(number => $"l{number}")] };
        Assert.StartsWith("'Workflows:Node:Labels' has 33 labels; at most 32 are allowed.", Assert.Single(new NodeOptionsValidator().Validate(null, many).Failures!), StringComparison.Ordinal);
        Assert.StartsWith("Workflows:Node:Role must be one of Both, Frontend, Executor", Assert.Single(new NodeOptionsValidator().Validate(null, new NodeOptions { Role = 0 }).Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Directory", "relative", "absolute path")]
    [InlineData("GitTimeout", "00:00:00", "longer than 0")]
    [InlineData("LockTimeout", "-00:00:01", "longer than 0")]
    [InlineData("ChangedFilesLimit", "-1", "0 or more")]
    [InlineData("AuthorName", "", "plain text")]
    [InlineData("AuthorName", "a\nb", "plain text")]
    [InlineData("AuthorEmail", "<a@b>", "plain text")]
    public void Workspaces_that_can_not_work_are_refused(string setting, string value, string remedy) =>
        AssertRefused(new WorkspacesOptionsValidator(), new WorkspacesOptions { Directory = "/var" }, setting, setting, value, remedy);

    [Theory]
    [InlineData("relative")]
    [InlineData("/no/such/directory")]
    public void A_root_that_allows_nothing_is_refused(string root)
    {
        var options = new WorkspacesOptions { Directory = "/var" };
        options.AllowedRoots.Add("/");
        Assert.True(new WorkspacesOptionsValidator().Validate(null, options).Succeeded);
        options.AllowedRoots.Add(root);
        var error = Assert.Single(new WorkspacesOptionsValidator().Validate(null, options).Failures!);
        Assert.Contains($"AllowedRoots names '{root}', which is not an existing absolute directory", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RunsAge", "-1.00:00:00", "leave it out to keep runs for ever")]
    [InlineData("Period", "00:00:00", "at most 40 days")]
    [InlineData("Period", "41.00:00:00", "at most 40 days")]
    [InlineData("RunsAtOnce", "0", "from 1 to 10,000")]
    [InlineData("KeysAtOnce", "100001", "from 1 to 100,000")]
    public void A_retention_that_can_not_work_is_refused(string setting, string value, string remedy) =>
        AssertRefused(new RetentionOptionsValidator(), new RetentionOptions(), setting, setting, value, remedy);

    [Theory]
    [InlineData("Period", "00:00:00", "at most 40 days")]
    [InlineData("Period", "41.00:00:00", "at most 40 days")]
    [InlineData("AttemptsAge", "-00:00:01", "leave one empty for no limit")]
    [InlineData("LeastAge", "-00:00:01", "must not be negative")]
    [InlineData("TotalBytes", "-1", "empty for no limit")]
    public void A_collection_that_can_not_work_is_refused(string setting, string value, string remedy) =>
        AssertRefused(new CollectionOptionsValidator(), new CollectionOptions(), setting, setting, value, remedy);

    private static void AssertRefused<T>(IValidateOptions<T> validator, T options, string name, string setting, string value, string remedy)
        where T : class
    {
        Assert.True(validator.Validate(null, options).Succeeded);
        var property = typeof(T).GetProperty(setting)!;
        property.SetValue(options, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value));
        var error = Assert.Single(validator.Validate(null, options).Failures!);
        Assert.StartsWith("Workflows:", error, StringComparison.Ordinal);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
    }
}
