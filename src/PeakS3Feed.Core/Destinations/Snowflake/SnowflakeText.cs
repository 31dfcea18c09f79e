namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Writes texts as Snowflake's SQL. Nothing else does.</summary>
internal static class SnowflakeText
{
    /// <summary>Returns a text as a literal in single quotes. Quotes and backslashes are doubled: a backslash begins an escape there.</summary>
    public static string Literal(string text)
        => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
