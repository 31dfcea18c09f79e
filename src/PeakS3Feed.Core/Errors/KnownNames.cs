namespace PeakS3Feed.Errors;

/// <summary>The hint for a name that does not exist.</summary>
public static class KnownNames
{
    private const int MaxNames = 20;

    /// <summary>Returns the name that was probably meant, and the first of those that exist.</summary>
    /// <param name="name">The name that a person gave.</param>
    /// <param name="known">The names that exist.</param>
    /// <param name="none">The hint if there are none.</param>
    public static string Hint(string name, IEnumerable<string> known, string none)
    {
        var names = known.Order(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0)
            return none;
        var more = names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "";
        return $"{NearestName.AskFirst(name, names)}It has {string.Join(", ", names.Take(MaxNames))}{more}.";
    }
}
