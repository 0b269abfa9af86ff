using System.Text;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Credentials;
using Orleans.Workflows.Tests.Workspaces;

namespace Orleans.Workflows.Tests.Credentials;

public sealed class CredentialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CredentialsOptions _options = new();

    public CredentialTests() => _options.AddDefaults();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_come_from_where_they_are_named_and_the_credential_goes_last()
    {
        var file = _folder.Write("key", "secret-from-file\r\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var result = Resolver(("ANTHROPIC_API_KEY", "secret-key"), ("X", "x-value")).Resolve(new Dictionary<string, ValueSource>
        {
            ["PLAIN"] = ValueSource.Literal("plain"),
            ["FROM_ENV"] = new() { FromEnv = "X" },
            ["FROM_FILE"] = new() { FromFile = file },
            ["ABSENT"] = new() { FromEnv = "NOWHERE", Optional = true },
            ["ANTHROPIC_API_KEY"] = ValueSource.Literal("overridden"),
        }, new CredentialReference { Name = "claude" });

        Assert.Null(result.Failure);
        Assert.Empty(result.Warnings);
        Assert.Equal(
            [("ANTHROPIC_API_KEY", "secret-key"), ("FROM_ENV", "x-value"), ("FROM_FILE", "secret-from-file"), ("PLAIN", "plain")],
            result.Environment.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal("plain [redacted] [redacted]", result.Redactor.Redact("plain secret-key secret-from-file"));
        Assert.DoesNotContain("secret", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_source_is_refused_with_field_and_remedy()
    {
        var missing = Resolver().Check(new Dictionary<string, ValueSource> { ["A"] = new() { FromEnv = "NOWHERE" } }, null);
        Assert.Equal("environment.A", missing?.Field);
        Assert.Contains("NOWHERE", missing!.Remedy, StringComparison.Ordinal);
        Assert.Equal("credential", Resolver().Check(new Dictionary<string, ValueSource>(), new() { Name = "claude" })?.Field);
        Assert.Contains("claude", Resolver().Check(new Dictionary<string, ValueSource>(), new() { Name = "other" })!.Remedy, StringComparison.Ordinal);
        Assert.Null(Resolver(("ANTHROPIC_API_KEY", "x")).Check(new Dictionary<string, ValueSource>(), new() { Name = "claude" }));
    }

    [Fact]
    public void Only_regular_small_text_files_are_secrets()
    {
        _folder.Write("large", new string('x', 64 * 1024 + 1));
        _folder.Write("empty", "\n");
        File.WriteAllBytes(_folder["binary"], [0xff, 0xff]);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _folder["fifo"]))
        {
            mkfifo.WaitForExit();
        }
        foreach (var path in new[] { _folder["large"], _folder["empty"], _folder["binary"], _folder["fifo"], _folder["missing"], _folder.Path, "/dev/zero" })
        {
            Assert.Equal("environment.A", Resolver().Check(new Dictionary<string, ValueSource> { ["A"] = new() { FromFile = path } }, null)?.Field);
        }
    }

    [Fact]
    public void A_file_that_everybody_can_read_is_warned_about()
    {
        var file = _folder.Write("key", "secret-from-file");
        File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("644", 8));
        var result = Resolver().Resolve(new Dictionary<string, ValueSource> { ["A"] = new() { FromFile = file } }, null);
        Assert.Contains(file, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_never_survives_redaction_plain_or_in_base64_at_any_place() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 8, 40], Gen.String[Gen.Char.AlphaNumeric, 0, 9], Gen.String[Gen.Char.AlphaNumeric, 0, 9]).Sample((secret, before, after) =>
        {
            var redactor = new SecretRedactor([secret]);
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + secret + after));
            var shown = redactor.Redact(encoded);
            return !redactor.Redact(before + secret + after).Contains(secret, StringComparison.Ordinal) && shown.Contains(SecretRedactor.Mask, StringComparison.Ordinal);
        });

    [Fact]
    public void Wrong_settings_are_named()
    {
        _options.Named["bad"] = new() { FromEnv = "A", FromFile = "b" };
        Assert.Equal(2, new CredentialsOptionsValidator().Validate(null, _options).Failures!.Count());
    }

    private CredentialResolver Resolver(params (string Name, string Value)[] variables) =>
        new(new Monitor(_options), name => Array.Find(variables, variable => variable.Name == name).Value);

    [Fact]
    public void A_credential_in_the_settings_replaces_the_built_in_one_whole()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Named:claude:FromFile"] = "/run/secrets/key",
            ["Named:claude:Variable"] = "ANTHROPIC_API_KEY",
        }).Build();
        using var configured = new ServiceCollection().Configure<CredentialsOptions>(settings).AddCredentials().BuildServiceProvider();
        using var plain = new ServiceCollection().AddCredentials().BuildServiceProvider();

        var theirs = configured.GetRequiredService<IOptions<CredentialsOptions>>().Value.Named["claude"];
        Assert.Equal((null, "/run/secrets/key"), (theirs.FromEnv, theirs.FromFile));
        var builtIn = plain.GetRequiredService<IOptions<CredentialsOptions>>().Value.Named["claude"];
        Assert.Equal(("ANTHROPIC_API_KEY", null), (builtIn.FromEnv, builtIn.FromFile));
    }

    private sealed class Monitor(CredentialsOptions options) : IOptionsMonitor<CredentialsOptions>
    {
        public CredentialsOptions CurrentValue => options;

        public CredentialsOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<CredentialsOptions, string?> listener) => null;
    }
}
