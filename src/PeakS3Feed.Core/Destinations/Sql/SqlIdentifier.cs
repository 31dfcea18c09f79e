using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The one place where an identifier becomes SQL text.</summary>
public static class SqlIdentifier
{
    /// <summary>The name in double quotes, those within it doubled (SQL:2016, 5.2 delimited identifier).</summary>
    public static string Quote(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            throw DestinationErrors.IdentifierInvalid(name);
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The names, quoted, with commas between.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
