using PeakS3Feed.Errors;

namespace PeakS3Feed.Schemas;

/// <summary>The errors about schemas.</summary>
internal static class SchemaErrors
{
    public static FeedException DateFormatInvalid(string format) => new(
        "DateFormatInvalid", FeedErrorCategory.InvalidArgument, $"\"{format}\" is not a date format.")
    {
        Target = format,
        Hint = "Give a .NET custom format string with a year, a month and a day, such as dd/MM/yyyy or yyyyMMdd HH:mm:ss; hh requires tt.",
    };

    public static FeedException TypeUnknown(string text, string? column = null) => new(
        "ColumnTypeUnknown",
        FeedErrorCategory.InvalidArgument,
        column is null ? $"\"{text}\" is not a column type." : $"The column \"{column}\" cannot be \"{text}\", which is not a column type.")
    {
        Target = column ?? text,
        Hint = $"Types are {ColumnTypes.All}; SCALE is the number of digits after the point, 0 to 38.",
    };

    public static FeedException ColumnUnknown(string column, FeedSchema schema) => new(
        "ColumnUnknown", FeedErrorCategory.InvalidArgument, $"There is no column \"{column}\", and no field of that name.")
    {
        Target = column,
        Hint = $"The columns are {string.Join(", ", schema.Columns.Select(c => c.Name))}.",
    };

    public static FeedException TooManyColumns(int limit, SourcePosition? position) => new(
        "TooManyColumns",
        FeedErrorCategory.LimitsExceeded,
        $"{position?.ToString() ?? "The sample"} has more fields than the {CountText.Format(limit, "column")} that the table can have.")
    {
        Target = position?.ObjectUri,
        Position = position,
        Hint = "Let the feed ignore further fields. With CSV, check the separator first.",
        Settings = [new("SchemaEvolution", "Ignore")],
    };
}
