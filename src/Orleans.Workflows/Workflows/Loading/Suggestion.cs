namespace Orleans.Workflows.Workflows.Loading;

/// <summary>The word that somebody who wrote another one most likely meant.</summary>
internal static class Suggestion
{
    public static string? For(string word, IEnumerable<string> known)
    {
        var plain = Plain(word);
        var best = known.Select(name => (Name: name, Distance: Distance(plain, Plain(name)))).DefaultIfEmpty().MinBy(pair => pair.Distance);
        return best.Name is not null && best.Distance <= Math.Max(1, plain.Length / 3) ? best.Name : null;
    }

    private static string Plain(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[^1];
    }
}
