using PeakS3Feed.Errors;

namespace PeakS3Feed.Schemas;

/// <summary>The warnings about fields of files and columns of feeds.</summary>
internal static class SchemaWarnings
{
    /// <summary>The id of <see cref="HeaderSpelling"/>.</summary>
    public const string HeaderSpellingId = "HeaderSpelling";

    private const string File = "file";

    /// <summary>A header was matched to a field that is not exactly equal.</summary>
    public static FeedWarning HeaderSpelling(string header, string field, string? column, string objectUri) => new FeedWarning(
        "HeaderSpelling",
        $"The header \"{header}\" is read as the field \"{field}\"{(column is null ? "" : $" (column {column})")}: "
        + "it differs only in case, surrounding blanks or Unicode form.")
    {
        Subject = $"{header}\n{field}",
        Position = new SourcePosition(objectUri),
        Unit = File,
    };

    /// <summary>The feed has a column for each of two spellings, and a file has only one of them.</summary>
    public static FeedWarning OneSpellingMissing(string header, FeedColumn fed, FeedColumn unfed, string objectUri) => new FeedWarning(
        "OneSpellingMissing",
        $"The values of \"{header}\" go to column {fed.Name}. Column {unfed.Name}, for the field \"{unfed.Field}\", is NULL: "
        + "an earlier file had both fields, this one has one.")
    {
        Subject = $"{header}\n{unfed.Field}",
        Position = new SourcePosition(objectUri),
        Unit = File,
    };

    /// <summary>A new field became a column of its own, although its name resembles that of another field.</summary>
    public static FeedWarning SimilarField(FeedColumn column, FeedColumn similar, string objectUri) => new FeedWarning(
        "SimilarField",
        $"The field \"{column.Field}\" has a column of its own, {column.Name}, although it resembles the field \"{similar.Field}\" of column "
        + $"{similar.Name}.")
    {
        Subject = column.Name,
        Position = new SourcePosition(objectUri),
        Hint = "If both fields mean the same, ask the files' producer to use one name.",
    };

    /// <summary>A column was added for a field that the table lacked.</summary>
    public static FeedWarning ColumnAdded(FeedColumn column, string objectUri) => new FeedWarning(
        "ColumnAdded", $"Column {column.Name} ({column.TypeName}) was added for the field \"{column.Field}\".")
    {
        Subject = column.Name,
        Position = new SourcePosition(objectUri),
        Unit = File,
        Hint = "Rows that were loaded before have NULL in it.",
    };

    /// <summary>A file lacks a field that every earlier file had.</summary>
    public static FeedWarning ColumnMissing(FeedColumn column, string objectUri) => new FeedWarning(
        "ColumnMissing", $"The file has no field \"{column.Field}\", which every earlier file had: column {column.Name} is NULL in its rows.")
    {
        Subject = column.Name,
        Position = new SourcePosition(objectUri),
        Unit = File,
        Hint = "Later runs regard the field as optional and do not warn about it again.",
    };
}
