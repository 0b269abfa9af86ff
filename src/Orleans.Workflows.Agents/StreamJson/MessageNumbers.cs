namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>A message's own counters as one line tells them. Output is left out where it is a placeholder.</summary>
internal readonly record struct MessageNumbers(long? Input, long? Output, long? CacheRead, long? CacheCreation)
{
    /// <summary>Reads <c>{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}</c>.</summary>
    public static MessageNumbers Read(ReadOnlySpan<byte> usage, bool withOutput)
    {
        long? input = null, output = null, cacheRead = null, cacheCreation = null;
        var properties = new JsonObject(usage);
        while (properties.Next())
        {
            if (properties.Is("input_tokens"u8))
            {
                input = JsonText.Count(properties.Reader);
            }
            else if (withOutput && properties.Is("output_tokens"u8))
            {
                output = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("cache_read_input_tokens"u8))
            {
                cacheRead = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("cache_creation_input_tokens"u8))
            {
                cacheCreation = JsonText.Count(properties.Reader);
            }
        }

        return new MessageNumbers(input, output, cacheRead, cacheCreation);
    }
}
