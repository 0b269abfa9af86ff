using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.Workflows;

/// <summary>What a user reads of an input, or an author of a schema, that does not fit.</summary>
public sealed class InputSentenceTests
{
    [Theory]
    [InlineData("""{"type":"boolean"}""", "1", "input.x must be true or false.")]
    [InlineData("""{"type":"number"}""", "\"1\"", "input.x must be a number.")]
    [InlineData("""{"type":"object"}""", "1", "input.x must be an object.")]
    [InlineData("""{"type":"array"}""", "1", "input.x must be an array.")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"abc\"", "input.x must have at most 2 characters.")]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"", "input.x must have at least 2 characters.")]
    [InlineData("""{"type":"string","pattern":"^a+$"}""", "\"b\"", "input.x must match ^a+$.")]
    [InlineData("""{"type":"integer","maximum":5}""", "6", "input.x must be between any and 5.")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "[1,1]", "input.x does not fit the schema (ItemsNotUnique).")]
    public void The_sentence_says_what_the_field_must_be(string schema, string value, string sentence)
    {
        var compiled = InputSchema.Parse($$$"""{"type":"object","properties":{"x":{{{schema}}}}}""", out _)!;
        var failure = compiled.Validate($$$"""{"x":{{{value}}}}""").Failure!;
        Assert.Equal((sentence, "input.x"), (failure.Message, failure.Field));
        Assert.Contains("input schema says what it takes", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "is not a JSON object")]
    [InlineData("{", "is not a JSON schema: ")]
    [InlineData("""{"type":"string"}""", "its type must be 'object'")]
    [InlineData("""{"properties":{"a":[{"$ref":"other.json"}]}}""", "refers to 'other.json', which is outside of it")]
    public void A_schema_that_is_none_is_refused_with_the_reason(string schema, string reason)
    {
        Assert.Null(InputSchema.Parse(schema, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"allOf":[{"type":"object"}],"additionalProperties":false}""", "Undecided")]
    [InlineData("""{"type":"object","additionalProperties":false}""", "Unknown")]
    [InlineData("""{"type":"object"}""", "Undecided")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", "Known")]
    public void A_placeholder_is_an_error_only_where_the_schema_rules_it_out(string schema, string fit) =>
        Assert.Equal(fit, InputSchema.Parse(schema, out _)!.Fit("input.a").ToString());
}
