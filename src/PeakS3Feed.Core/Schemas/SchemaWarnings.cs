using PeakS3Feed.Errors;

namespace PeakS3Feed.Schemas;

/// <summary>The warnings about a file's fields and a feed's columns.</summary>
internal static class SchemaWarnings
{
    /// <summary>The id of <see cref="HeaderSpelling"/>.</summary>
    public const string HeaderSpellingId = "HeaderSpelling";

    private const string File = "file";

    /// <summary>A header was bound to a field that it does not equal exactly.</summary>
    public static FeedWarning HeaderSpelling(string header, string field, string? column, string objectUri) => new FeedWarning(
        "HeaderSpelling",
        $"The header \"{header}\" is read as the field \"{field}\"{(column is null ? "" : $" (column {column})")}: it differs only in case, outer blanks or Unicode form.")
    {
        Subject = $"{header}\n{field}",
        Position = new SourcePosition(objectUri),
        Unit = File,
    };

    /// <summary>The feed has a column for each of two spellings, and a file has only one of them.</summary>
    public static FeedWarning OneSpellingMissing(string header, FeedColumn fed, FeedColumn unfed, string objectUri) => new FeedWarning(
        "OneSpellingMissing",
        $"The values of \"{header}\" go to column {fed.Name}. Column {unfed.Name}, for the field \"{unfed.Field}\", is NULL: an earlier file had both fields, this one has one.")
    {
        Subject = $"{header}\n{unfed.Field}",
        Position = new SourcePosition(objectUri),
        Unit = File,
    };

    /// <summary>A new field became a column of its own although its name is similar to that of another one.</summary>
    public static FeedWarning SimilarField(FeedColumn column, FeedColumn similar, string objectUri) => new FeedWarning(
        "SimilarField", $"The field \"{column.Field}\" fills a column of its own, {column.Name}, beside column {similar.Name} of the field \"{similar.Field}\".")
    {
        Subject = column.Name,
        Position = new SourcePosition(objectUri),
        Hint = "If both fields mean the same, ask for one name in the files that are to come.",
    };

    /// <summary>A field that the table had no column for got one.</summary>
    public static FeedWarning ColumnAdded(FeedColumn column, string objectUri) => new FeedWarning(
        "ColumnAdded", $"Column {column.Name} ({column.TypeName}) was added for the field \"{column.Field}\".")
    {
        Subject = column.Name,
        Position = new SourcePosition(objectUri),
        Unit = File,
        Hint = "Rows that were loaded before hold NULL in it.",
    };

    /// <summary>A file lacks a field that every file before it had.</summary>
    public static FeedWarning ColumnMissing(FeedColumn column, string objectUri) => new FeedWarning(
        "ColumnMissing", $"The file has no field \"{column.Field}\", which every earlier file had: column {column.Name} is NULL in its rows.")
    {
        Subject = column.Name,
        Position = new SourcePosition(objectUri),
        Unit = File,
        Hint = "Later runs take the field as optional and do not warn about it again.",
    };
}
