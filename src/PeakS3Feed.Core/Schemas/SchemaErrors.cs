using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Schemas;

/// <summary>The errors of schemas.</summary>
internal static class SchemaErrors
{
    public static FeedException DateFormatInvalid(string format) => new(
        "DateFormatInvalid", FeedErrorCategory.InvalidArgument, $"\"{format}\" is not a format of dates.")
    {
        Target = format,
        Hint = "Give a .NET custom format string with a year, a month and a day, such as dd/MM/yyyy or yyyyMMdd HH:mm:ss; hh needs tt beside it.",
    };

    public static FeedException TooManyColumns(int limit, SourcePosition? position) => new(
        "TooManyColumns",
        FeedErrorCategory.LimitsExceeded,
        $"{position?.ToString() ?? "The sample"} brings more fields than the {limit.ToString(CultureInfo.InvariantCulture)} columns that the table can have.")
    {
        Target = position?.ObjectUri,
        Position = position,
        Hint = "Let the feed leave further fields out; with CSV, check its separator first.",
        Settings = [new("SchemaEvolution", "Ignore")],
    };
}
