using Orleans.Workflows.Failures;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.Workflows;

public sealed class InputTests
{
    private static readonly CompiledWorkflow Workflow = CompiledWorkflow.Compile(new WorkflowDefinition
    {
        Name = "w",
        Agent = "claude",
        InputSchema = """
            {"type":"object","additionalProperties":false,"required":["task"],"properties":{
              "task":{"type":"string","minLength":1},"count":{"type":"integer","minimum":1,"maximum":5,"default":2},"when":{"type":"string"},
              "mode":{"enum":["a","b"]},"nested":{"type":"object","properties":{"x":{"type":"string","default":"y"}}}}}
            """,
    });

    [Fact]
    public void Defaults_are_filled_in_and_text_that_looks_like_a_date_stays_text() =>
        Assert.Equal("""{"task":"x","when":"2026-01-01T00:00:00Z","nested":{"x":"y"},"count":2}""", Workflow.ValidateInput("""{"task":"x","when":"2026-01-01T00:00:00Z","nested":{}}""").ToJson());

    [Theory]
    [InlineData(null, "input.task")]
    [InlineData("{}", "input.task")]
    [InlineData("""{"task":""}""", "input.task")]
    [InlineData("""{"task":1}""", "input.task")]
    [InlineData("""{"task":"x","count":9}""", "input.count")]
    [InlineData("""{"task":"x","count":"2"}""", "input.count")]
    [InlineData("""{"task":"x","count":1.5}""", "input.count")]
    [InlineData("""{"task":"x","mode":"c"}""", "input.mode")]
    [InlineData("""{"task":"x","nested":{"x":1}}""", "input.nested.x")]
    [InlineData("""{"task":"x","other":1}""", "input.other")]
    [InlineData("""{"task":"a\u0000b"}""", "input.task")]
    [InlineData("""{"task":"x","task":"y"}""", "input")]
    [InlineData("""{"task":"x",}""", "input")]
    [InlineData("""[1]""", "input")]
    [InlineData("""{'task':'x'}""", "input")]
    [InlineData("""{"task":"x" /* c */}""", "input")]
    public void Bad_input_is_refused_with_the_field(string? json, string field)
    {
        var result = Workflow.ValidateInput(json);
        Assert.Null(result.Value);
        Assert.Equal((FailureKind.Invalid, field), (result.Failure!.Kind, result.Failure.Field));
        Assert.NotEmpty(result.Failure.Remedy!);
    }

    [Fact]
    public void Numbers_beyond_all_computing_are_refused()
    {
        foreach (var number in new[] { new string('9', 400), "1" + new string('0', 300), "1e999" })
        {
            var result = Workflow.ValidateInput($$"""{"task":"x","count":{{number}}}""");
            Assert.Equal(FailureKind.Invalid, result.Failure?.Kind);
        }
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"^(a+)+$"}}}""", """{"a":"TEXT"}""")]
    [InlineData("""{"type":"object","patternProperties":{"^(a+)+$":{}}}""", """{"TEXT":1}""")]
    [InlineData("""{"type":"object","properties":{"list":{"type":"array","items":{"$ref":"#/definitions/p"}}},"definitions":{"p":{"type":"string","pattern":"^(a+)+$"}}}""", """{"list":["TEXT"]}""")]
    public void A_pattern_that_takes_for_ever_is_given_up(string schema, string input)
    {
        var workflow = CompiledWorkflow.Compile(new WorkflowDefinition { Name = "w", Agent = "claude", InputSchema = schema });
        var failure = workflow.ValidateInput(input.Replace("TEXT", new string('a', 60) + "!", StringComparison.Ordinal)).Failure;
        Assert.Contains("too long to match", failure?.Message, StringComparison.Ordinal);
        Assert.Null(workflow.ValidateInput(input.Replace("TEXT", "aaa", StringComparison.Ordinal)).Failure);
    }

    [Fact]
    public void A_tree_of_a_self_referring_schema_is_taken_and_defaults_without_an_end_are_not()
    {
        var tree = CompiledWorkflow.Compile(new WorkflowDefinition { Name = "w", Agent = "claude", InputSchema = """{"type":"object","properties":{"left":{"$ref":"#"},"name":{"type":"string","default":"n"}}}""" });
        Assert.Equal("""{"left":{"left":{"name":"n"},"name":"n"},"name":"n"}""", tree.ValidateInput("""{"left":{"left":{}}}""").ToJson());
        var endless = CompiledWorkflow.Compile(new WorkflowDefinition { Name = "w", Agent = "claude", InputSchema = """{"type":"object","properties":{"a":{"$ref":"#/definitions/x"}},"definitions":{"x":{"type":"object","properties":{"b":{"$ref":"#/definitions/x","default":{}}}}}}""" });
        Assert.Null(endless.ValidateInput("{}").Failure);
        Assert.Equal("input", endless.ValidateInput("""{"a":{}}""").Failure?.Field);
    }

    [Fact]
    public void A_field_beside_the_input_fills_the_property_of_its_name()
    {
        var beside = new Dictionary<string, string> { ["task"] = "beside", ["branch"] = "no input of this workflow" };
        Assert.Equal("""{"task":"beside","count":2}""", Workflow.ValidateInput(null, beside).ToJson());
        Assert.Equal("""{"task":"beside","count":3}""", Workflow.ValidateInput("""{"task":"beside","count":3}""", beside).ToJson());
    }

    [Theory]
    [InlineData("""{"task":"within"}""", "\"within\"")]
    [InlineData("""{"task":1}""", "1")]
    public void A_field_beside_the_input_that_says_something_else_is_refused(string json, string within)
    {
        var failure = Workflow.ValidateInput(json, new Dictionary<string, string> { ["task"] = "beside" }).Failure!;
        Assert.Equal((FailureKind.Invalid, "task"), (failure.Kind, failure.Field));
        Assert.Contains($"'beside' in the request and {within} in its input", failure.Message, StringComparison.Ordinal);
        Assert.Contains("input.task", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_told_in_one_sentence_each()
    {
        var message = Workflow.ValidateInput("""{"count":9,"other":1}""").Failure!.Message;
        Assert.All(new[] { "input.task is required", "input.count must be between 1 and 5", "input.other is not an input" }, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Size_and_depth_are_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);
        Assert.Equal("input", WorkflowInput.Read(deep).Failure?.Field);
        Assert.Equal(FailureKind.TooLarge, WorkflowInput.Read($$"""{"a":"{{new string('x', WorkflowInput.SizeLimit)}}"}""").Failure?.Kind);
    }
}
