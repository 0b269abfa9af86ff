using System.Text.Json.Nodes;
using CsCheck;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workflows;

public sealed class PromptTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.OneOf(Gen.Char["{}\\ .ainputmessge"], Gen.Char["\n\"üx"]), 0, 40];

    [Fact]
    public void Escaped_text_renders_to_itself() =>
        Text.Sample(text => Prompt(PromptTemplate.Escape("x" + text + "x"), [], null) == "x" + text + "x");

    [Fact]
    public void A_value_comes_out_as_it_went_in_whatever_it_holds() =>
        Gen.Select(Text, Text).Sample((value, message) =>
            Prompt("a{{input.v}}b{{message}}c{{ input.v }}", new JsonObject { ["v"] = value }, message) == $"a{value}b{message}c{value}");

    [Fact]
    public void Values_that_are_no_strings_are_rendered_as_json() =>
        Assert.Equal("""1 true null [1,"ü"] {"b":2.5} 2.5""", Prompt("{{input.i}} {{input.t}} {{input.n}} {{input.l}} {{input.o}} {{input.o.b}}",
            JsonNode.Parse("""{"i":1,"t":true,"n":null,"l":[1,"ü"],"o":{"b":2.5}}""")!.AsObject(), null));

    [Fact]
    public void A_message_that_the_template_does_not_mention_is_appended() =>
        Assert.Equal("Do it.\n\nAnd quickly.", Prompt("Do it.\n", [], "And quickly."));

    [Fact]
    public void Without_a_template_the_message_is_the_prompt_and_without_both_the_run_is_refused()
    {
        Assert.Equal("Hello {{input.x}}", Prompt(null, [], "Hello {{input.x}}"));
        Assert.Equal("message", Compile(null).ComposePrompt([], " ").Failure?.Field);
        Assert.Equal("message", Compile(null).ComposePrompt([], "a\0b").Failure?.Field);
    }

    [Fact]
    public void A_placeholder_without_a_value_is_refused_by_name_unless_the_schema_declares_it()
    {
        Assert.Equal("input.a.b", Compile("{{input.a.b}}").ComposePrompt(new JsonObject { ["a"] = 1 }, null).Failure?.Field);
        Assert.Equal("x", Compile("x{{input.a}}", """{"properties":{"a":{"type":"string"}}}""").ComposePrompt([], null).Prompt);
    }

    [Fact]
    public void A_workspace_is_asked_for_from_the_input_and_the_request_goes_first()
    {
        var run = RunId.New(TimeProvider.System);
        var workflow = CompiledWorkflow.Compile(new WorkflowDefinition { Name = "w", Agent = "claude", Workspace = new() { Kind = WorkspaceKind.Worktree, Repository = "{{input.repository}}", Branch = "x/{{workflow.name}}/{{run.short}}" } });
        var input = new JsonObject { ["repository"] = "/srv/a" };

        Assert.Equal(("/srv/a", $"x/w/{WorkspaceRequest.ShortId(run)}", null), Places(workflow.ComposeWorkspace(run, input)));
        Assert.Equal(("/srv/b", "mine", "main"), Places(workflow.ComposeWorkspace(run, input, "/srv/b", "main", "mine")));
        Assert.Equal("input.repository", workflow.ComposeWorkspace(run, []).Failure?.Field);

        static (string?, string?, string?) Places(WorkspaceRequestResult result) => (result.Request!.Repository, result.Request.Branch, result.Request.BaseBranch);
    }

    [Fact]
    public void A_place_that_the_workflow_has_no_use_for_is_refused()
    {
        var run = RunId.New(TimeProvider.System);
        Assert.Equal("repository", Compile(null).ComposeWorkspace(run, [], repository: "/srv/a").Failure?.Field);
        Assert.Equal("branch", Compile(null).ComposeWorkspace(run, [], branch: "x").Failure?.Field);
        Assert.Equal("baseBranch", Compile(null).ComposeWorkspace(run, [], baseBranch: "x").Failure?.Field);
        Assert.Equal("directory", Compile(null).ComposeWorkspace(run, [], path: "/srv/a").Failure?.Field);
    }

    private static string? Prompt(string? template, JsonObject input, string? message) => Compile(template).ComposePrompt(input, message).Prompt;

    private static CompiledWorkflow Compile(string? template, string? schema = null) =>
        CompiledWorkflow.Compile(new WorkflowDefinition { Name = "w", Agent = "claude", Prompt = template, InputSchema = schema });
}
