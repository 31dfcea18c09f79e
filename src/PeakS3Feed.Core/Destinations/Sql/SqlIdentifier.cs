using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Writes identifiers as SQL text. Nothing else does.</summary>
public static class SqlIdentifier
{
    /// <summary>Returns the name in double quotes, with quotes inside doubled (SQL:2016, 5.2 delimited identifier).</summary>
    public static string Quote(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            throw DestinationErrors.IdentifierInvalid(name);
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Returns the quoted names, separated by commas.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
