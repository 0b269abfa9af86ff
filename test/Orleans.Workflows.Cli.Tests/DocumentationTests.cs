using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Server;

namespace Orleans.Workflows.Cli.Tests;

/// <summary>What the README, the units and the runbooks name exists: an operator at night types what stands there.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public async Task Every_setting_that_is_named_is_one_that_the_server_binds()
    {
        var sections = await BoundSectionsAsync();
        var named = Texts().SelectMany(text => Settings(text.Text, sections.Keys).Select(setting => (text.File, Setting: setting))).Distinct().ToList();

        Assert.True(named.Count > 30, $"Only {named.Count} settings were found.");
        Assert.DoesNotContain(named, name => !Exists(name.Setting, sections));
    }

    [Fact]
    public async Task Every_command_that_is_named_is_one_of_the_command_line_s_with_these_options()
    {
        var named = Texts().Where(text => text.File.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(text => CommandLines().Matches(string.Join('\n', Code().Matches(text.Text).Select(code => code.Value))).Select(line => (text.File, Verb: line.Groups["verb"].Value, Words: line.Groups["rest"].Value)))
            .ToList();

        Assert.True(named.Count > 30, $"Only {named.Count} commands were found.");
        var helps = new Dictionary<string, string>();
        foreach (var verb in named.Select(command => command.Verb).Distinct())
        {
            var terminal = new TestTerminal();
            await terminal.RunAsync([verb, "--help"]);
            helps[verb] = terminal.Output;
            // The help of a group of commands tells their names; what those take is in their own.
            foreach (var inner in named.Where(command => command.Verb == verb).Select(command => command.Words.Trim().Split(' ')[0]).Distinct().Where(inner => Regex.IsMatch(terminal.Output, $@"(?m)^  {Regex.Escape(inner)} ") && inner.Length > 0 && inner[0] != '-'))
            {
                var group = new TestTerminal();
                await group.RunAsync([verb, inner, "--help"]);
                helps[verb] += group.Output;
            }
        }

        Assert.DoesNotContain(named, command => !helps[command.Verb].Contains($"workflows {command.Verb}", StringComparison.Ordinal));
        var options = named.SelectMany(command => Options().Matches(command.Words.Split(" -- ")[0]).Select(option => (command.File, command.Verb, Option: option.Value)));
        Assert.DoesNotContain(options, use => !Regex.IsMatch(helps[use.Verb], $@"(?<![\w-]){Regex.Escape(use.Option)}(?![\w-])"));
    }

    /// <summary>Each section of the settings with the type that it is bound to: as the server's own services were told, and the three that are read before there are any.</summary>
    private static async Task<Dictionary<string, Type>> BoundSectionsAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ow-settings-").FullName;
        IServiceCollection? services = null;
        await using (await ServerApplication.BuildAsync(["--Workflows:Urls=http://127.0.0.1:0", $"--Workflows:StateDirectory={directory}"], builder => services = builder.Services, TestContext.Current.CancellationToken))
        {
        }

        Directory.Delete(directory, recursive: true);
        var sections = new Dictionary<string, Type>
        {
            ["Workflows"] = typeof(ServerOptions),
            ["Workflows:Database"] = typeof(LedgerOptions),
            ["Workflows:Cluster"] = typeof(WorkflowsClusterOptions),
        };
        foreach (var bound in services!.Where(service => !service.IsKeyedService).Select(service => service.ImplementationInstance).OfType<object>())
        {
            if (bound.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ConfigurationChangeTokenSource<>)
                && type.GetField("_config", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(bound) is IConfigurationSection section)
            {
                sections.TryAdd(section.Path, type.GenericTypeArguments[0]);
            }
        }

        Assert.Contains("Workflows:Execution", sections.Keys);
        return sections;
    }

    private static IEnumerable<string> Settings(string text, IEnumerable<string> sections)
    {
        foreach (Match named in FullNames().Matches(text))
        {
            yield return named.Value.Replace("__", ":", StringComparison.Ordinal);
        }

        // `Execution:Lease` in a sentence.
        var known = sections.Where(section => section.Contains(':', StringComparison.Ordinal)).Select(section => section.Split(':')[1]).ToHashSet();
        known.Remove("Workflows");
        foreach (Match named in ShortNames().Matches(text))
        {
            if (known.Contains(named.Groups["section"].Value))
            {
                yield return "Workflows:" + named.Groups["name"].Value;
            }
        }

        // | `Workflows:Collection:TotalBytes`, `LeastAge` | in a table.
        foreach (Match row in TableRows().Matches(text))
        {
            var first = row.Groups["first"].Value;
            foreach (Capture beside in row.Groups["beside"].Captures)
            {
                yield return $"{first[..first.LastIndexOf(':')]}:{beside.Value}";
            }
        }
    }

    private static bool Exists(string setting, Dictionary<string, Type> sections)
    {
        var section = sections.Keys.Where(path => setting == path || setting.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)).MaxBy(path => path.Length)!;
        var type = sections[section];
        foreach (var part in setting[section.Length..].Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = ElementOf(type) is { } element ? element
                : type.Namespace!.StartsWith("Orleans.Workflows", StringComparison.Ordinal) ? type.GetProperty(part, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType
                : null;
            if (next is null)
            {
                return false;
            }

            type = Nullable.GetUnderlyingType(next) ?? next;
        }

        return true;
    }

    private static Type? ElementOf(Type type) => type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Dictionary<,>) || type.GetGenericTypeDefinition() == typeof(IList<>)) ? type.GenericTypeArguments[^1] : null;

    private static IEnumerable<(string File, string Text)> Texts() =>
        new[] { Path.Combine(Root, "README.md") }.Concat(new[] { "systemd", "runbooks", "postgres", "kubernetes" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, "infra", folder))))
            .Select(file => (Path.GetRelativePath(Root, file), File.ReadAllText(file)));

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Orleans.Workflows.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return directory;
    }

    [GeneratedRegex(@"(?<![\w.])Workflows(?:(?:__|:)[A-Za-z0-9]+)+")]
    private static partial Regex FullNames();

    [GeneratedRegex(@"`(?<name>(?<section>[A-Z][A-Za-z]+)(?::[A-Za-z0-9]+)+)[=`]")]
    private static partial Regex ShortNames();

    [GeneratedRegex(@"^\| `(?<first>Workflows:[\w:]+)`(?:, (?:`(?<beside>[A-Z]\w*)`|…))+ \|", RegexOptions.Multiline)]
    private static partial Regex TableRows();

    [GeneratedRegex(@"^```[^`]*^```|`[^`\n]+`", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w/.=@-])workflows (?<verb>[a-z]+)(?<rest>(?:(?!\bworkflows )[^|;&#`\n])*)")]
    private static partial Regex CommandLines();

    [GeneratedRegex(@"(?<!\S)--?[a-z][a-z-]*")]
    private static partial Regex Options();
}
