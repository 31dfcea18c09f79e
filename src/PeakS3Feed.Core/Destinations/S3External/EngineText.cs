using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Writes identifiers and texts for engines that read tables on S3. Nothing else does.</summary>
internal static class EngineText
{
    /// <summary>Returns a name as an identifier. Engines that fold names get the name folded, so that nobody must write it in quotes.</summary>
    public static string Identifier(TableEngine engine, string name) => engine switch
    {
        // Names in Glue's catalog are lower case.
        TableEngine.Athena => Backticks(name.ToLowerInvariant()),
        TableEngine.Databricks => Backticks(name),
        TableEngine.Spectrum => SqlIdentifier.Quote(name.ToLowerInvariant()),
        TableEngine.Snowflake => SqlIdentifier.Quote(name.ToUpperInvariant()),
        _ => SqlIdentifier.Quote(name),
    };

    /// <summary>Returns names, separated by dots, as an identifier; a name that is null is left out.</summary>
    public static string Identifier(TableEngine engine, string? database, string name)
        => string.Join('.', string.IsNullOrEmpty(database) ? [] : database.Split('.').Select(d => Identifier(engine, d)).ToArray())
            is { Length: > 0 } place ? $"{place}.{Identifier(engine, name)}" : Identifier(engine, name);

    /// <summary>Returns a text as a literal.</summary>
    public static string Literal(TableEngine engine, string text) => engine switch
    {
        // A backslash begins an escape there.
        TableEngine.Snowflake => $"'{Doubled(Doubled(text, '\\'), '\'')}'",
        // Athena's DDL is Hive's, where a doubled quote ends one text and begins another.
        TableEngine.Databricks or TableEngine.Athena => $"'{Doubled(text, '\\').Replace("'", "\\'", StringComparison.Ordinal)}'",
        _ => $"'{Doubled(text, '\'')}'",
    };

    private static string Backticks(string name) => $"`{Doubled(name, '`')}`";

    private static string Doubled(string text, char character)
        => text.Replace(character.ToString(), new string(character, 2), StringComparison.Ordinal);
}
