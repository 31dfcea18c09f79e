using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Json;

/// <summary>The errors that end the reading of a JSON file.</summary>
internal static class JsonErrors
{
    public static FeedException NotArray(SourcePosition position, byte? begins) => new(
        "JsonNotArray",
        FeedErrorCategory.InvalidData,
        begins is null ? $"{position.ObjectUri} holds no JSON." : $"{position.ObjectUri} is not one JSON array: it does not begin with [.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "The file type Json is one array of objects; look at the file's first characters.",
    };

    /// <summary>The file begins with an object; the hint goes by what it holds.</summary>
    public static FeedException IsObject(SourcePosition position, JsonObjectFile file) => new(
        "JsonNotArray", FeedErrorCategory.InvalidData, $"{position.ObjectUri} is not one JSON array: it does not begin with [.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = file.IsLines ? "Each line holds an object: the feed's file type is Ndjson."
            : file.RowsMember is { } member ? $"It is one object, and its member \"{member}\" holds the rows. Have that array alone written as the file."
            : "It is one object. Have an array of objects written, or one object a line for the file type Ndjson.",
        Settings = file.IsLines ? [new("FileType", nameof(FileType.Ndjson))] : [],
    };

    public static FeedException Invalid(SourcePosition position, long byteInLine, string what) => new(
        "JsonInvalid",
        FeedErrorCategory.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{position} is not valid JSON: {what} at byte {byteInLine} of the line."))
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "What follows in an array cannot be told apart any more. Ask the file's producer to write it again. Or let the feed leave out files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException Truncated(SourcePosition position) => new(
        "JsonTruncated", FeedErrorCategory.InvalidData, $"{position.ObjectUri} ends before its JSON array does; what is not closed begins on line {Number(position.Line)}.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "Ask its producer to write it again; an upload that broke off is the usual cause. Or let the feed leave out files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException RowTooLong(SourcePosition row) => new(
        "JsonRowTooLong", FeedErrorCategory.LimitsExceeded, $"The row that begins on line {Number(row.Line)} of {row.ObjectUri} is longer than 16 MiB.")
    {
        Target = row.ObjectUri,
        Position = row,
        Hint = "16 MiB is the most that a row can have. Check that the file holds an object for each row and not all rows in one object.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException TooManyFields(SourcePosition row) => new(
        "JsonTooManyFields",
        FeedErrorCategory.LimitsExceeded,
        $"The objects up to line {Number(row.Line)} of {row.ObjectUri} have more than {JsonFields.MaxFields:N0} different fields, or names of more than 4 MiB.")
    {
        Target = row.ObjectUri,
        Position = row,
        Hint = "Names that differ from object to object are data: have them written as values.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
