using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Formats.Json;

/// <summary>Errors that make a JSON file unreadable from some point on.</summary>
internal static class JsonErrors
{
    public static FeedException NotArray(SourcePosition position, byte? begins) => new(
        "JsonNotArray",
        FeedErrorCategory.InvalidData,
        begins is null ? $"{position.ObjectUri} contains no JSON." : $"{position.ObjectUri} is not one JSON array: it does not begin with [.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "The file type Json is one array of objects. Check the first characters of the file.",
    };

    /// <summary>The file begins with an object. The hint depends on its contents.</summary>
    public static FeedException IsObject(SourcePosition position, JsonObjectFile file) => new(
        "JsonNotArray", FeedErrorCategory.InvalidData, $"{position.ObjectUri} is not one JSON array: it does not begin with [.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = file.IsLines ? "Each line contains an object: set the feed's file type to Ndjson."
            : file.RowsMember is { } member
                ? $"It is one object, and its member \"{member}\" has the rows. Ask the file's producer to write that array alone."
            : "It is one object. Ask the file's producer for an array of objects, or for one object on each line (file type Ndjson).",
        Settings = file.IsLines ? [new("FileType", nameof(FileType.Ndjson))] : [],
    };

    public static FeedException Invalid(SourcePosition position, long byteInLine, string what) => new(
        "JsonInvalid",
        FeedErrorCategory.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{position} is not valid JSON: {what} at byte {byteInLine} of the line."))
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "The next element of the array cannot be found after such an error. Ask the file's producer to write it again. "
            + "Or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException Truncated(SourcePosition position) => new(
        "JsonTruncated", FeedErrorCategory.InvalidData,
        $"{position.ObjectUri} ends before its JSON array does. The part that is not closed begins on line {Number(position.Line)}.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "An interrupted upload is the usual cause: ask the file's producer to write it again. Or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException RowTooLong(SourcePosition row) => new(
        "JsonRowTooLong", FeedErrorCategory.LimitsExceeded,
        $"The row that begins on line {Number(row.Line)} of {row.ObjectUri} is longer than 16 MiB.")
    {
        Target = row.ObjectUri,
        Position = row,
        Hint = "A row can have at most 16 MiB. Check that the file has one object for each row, and not all rows in one object.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException TooManyFields(SourcePosition row) => new(
        "JsonTooManyFields",
        FeedErrorCategory.LimitsExceeded,
        $"The objects up to line {Number(row.Line)} of {row.ObjectUri} have more than {JsonFields.MaxFields:N0} different fields, "
        + "or names of more than 4 MiB.")
    {
        Target = row.ObjectUri,
        Position = row,
        Hint = "Names that differ from object to object are data. Ask the file's producer to write them as values.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
