using PeakS3Feed.TestServers.Csv;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>Why COPY refuses a row: a code and a message of Redshift's load error reference.</summary>
/// <param name="Code">The error code.</param>
/// <param name="Message">The message.</param>
public sealed record LoadProblem(int Code, string Message)
{
    public static LoadProblem BlankLine { get; } = new(1211, "Input line contained no data");

    public static LoadProblem Quotes { get; } = new(1216, "Invalid quote formatting for CSV");

    public static LoadProblem MissingEndQuote { get; } = new(1216, "Delimited value missing end quote");

    public static LoadProblem RowTooLong { get; } = new(1216, "The input row exceeds the maximum size of 4 MB");

    public static LoadProblem ExtraColumns { get; } = new(1202, "Extra column(s) found");

    public static LoadProblem MissingDelimiter { get; } = new(1214, "Delimiter not found");

    public static LoadProblem Null { get; } = new(1213, "Missing data for not-null field");

    public static LoadProblem TooLong { get; } = new(1204, "String length exceeds DDL length");

    public static LoadProblem InvalidUtf8 { get; } = new(1220, "String contains invalid or unsupported UTF8 codepoints.");

    public static LoadProblem NullByte { get; } = new(1218, "Invalid null byte - field longer than 1 byte");

    public static LoadProblem Date { get; } = new(1205, "Invalid Date Format - length must be 10 or more");

    public static LoadProblem Timestamp { get; } = new(1206, "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]");

    public static LoadProblem TimestampTz { get; } = new(1206, "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SSOF]");

    public static LoadProblem Boolean { get; } = new(1210, "Unknown boolean format");

    public static LoadProblem Float { get; } = new(1208, "Invalid value for type: Float");

    public static LoadProblem Super { get; } = new(1224, "Invalid JSON for a SUPER value");

    public static LoadProblem SuperTooLarge { get; } = new(1224, "Input value exceeds the limits of SUPER");

    /// <summary>Returns the problem of a row that cannot be split into fields.</summary>
    public static LoadProblem From(CsvFault fault) => fault switch
    {
        CsvFault.BlankLine => BlankLine,
        CsvFault.Quotes => Quotes,
        CsvFault.MissingEndQuote => MissingEndQuote,
        _ => RowTooLong,
    };

    public static LoadProblem Digit(string text, string type) => new(1207, $"Invalid digit, Value '{FirstWrong(text)}', Pos 0, Type: {type}");

    public static LoadProblem Overflow(string type) => new(1207, $"Overflow, Type: {type}");

    private static char FirstWrong(string text) => text.FirstOrDefault(c => !char.IsAsciiDigit(c), '?');
}
