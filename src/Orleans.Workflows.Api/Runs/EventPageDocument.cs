using System.Text.Json;

namespace Orleans.Workflows.Api.Runs;

/// <summary>A page of a run's history, oldest first.</summary>
/// <param name="Items">Objects with <c>seq</c>, <c>at</c>, <c>attempt</c>, <c>type</c> and the fields of that type; types may be added.</param>
/// <param name="NextAfter">What the next page's <c>after</c> is.</param>
/// <param name="HasMore">More events stand already.</param>
public sealed record EventPageDocument(IReadOnlyList<JsonElement> Items, long NextAfter, bool HasMore);
