namespace PeakS3Feed.Errors;

/// <summary>Finds the name that a person probably meant.</summary>
internal static class NearestName
{
    private const int MinPart = 3; // shorter parts say too little

    /// <summary>Asks whether the nearest name was meant: <c>Did you mean orders?</c> Returns null when none is similar.</summary>
    public static string? Ask(string name, IEnumerable<string> known) => Find(name, known) is { } near ? $"Did you mean {near}?" : null;

    /// <summary>Asks the question at the beginning of a hint; empty when no name is similar.</summary>
    public static string AskFirst(string name, IEnumerable<string> known) => Ask(name, known) is { } question ? question + " " : "";

    /// <summary>
    /// Returns the known name with the fewest different letters, regardless of case; otherwise the only one that contains the name or is a part of it;
    /// null when none is similar.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return FindSimilar(name, names) ?? FindContaining(name, names);
    }

    private static string? FindContaining(string name, List<string> known)
        => known.Where(k => IsPart(name, k) || IsPart(k, name)).Take(2).ToList() is [var only] ? only : null;

    private static bool IsPart(string part, string whole) => part.Length >= MinPart && whole.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string? FindSimilar(string name, List<string> known)
    {
        var best = known.Select(k => (Name: k, Distance: Distance(name.ToUpperInvariant(), k.ToUpperInvariant())))
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, Math.Min(name.Length, best.Name.Length) / 3) ? best.Name : null;
    }

    // The Levenshtein distance: insertions, deletions and replacements, one row at a time. Two letters in the wrong order are two replacements.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
