using System.Globalization;
using PeakS3Feed.TestServers.Csv;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Copy;

/// <summary>A row that COPY cannot load.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line of the file where the value or the fault is, from 1.</param>
/// <param name="Character">The character of the line, from 1.</param>
/// <param name="ByteOffset">Where the row begins in the file, in bytes.</param>
/// <param name="Column">The column in the form <c>"TABLE"["COLUMN":number]</c>.</param>
/// <param name="Row">The number of the row in the file, from 1.</param>
/// <param name="RowLine">The line where the row begins, from 1.</param>
/// <param name="Record">The row.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record CopyError(
    string File, long Line, int Character, long ByteOffset, string Column, long Row, long RowLine, string Record, CopyProblem Problem)
{
    private const string Advice =
        "If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR "
            + "option. For more information on loading options, please run 'info loading_data' in a SQL client.";

    public static IReadOnlyList<string> ColumnNames { get; } =
    [
        "ERROR", "FILE", "LINE", "CHARACTER", "BYTE_OFFSET", "CATEGORY", "CODE", "SQL_STATE", "COLUMN_NAME", "ROW_NUMBER", "ROW_START_LINE",
        "REJECTED_RECORD",
    ];

    /// <summary>The row that validation returns.</summary>
    public IReadOnlyList<string?> Values =>
    [
        Problem.Message, File, Number(Line), Number(Character), Number(ByteOffset), Problem.Category, Problem.Code, Problem.State, Column,
        Number(Row), Number(RowLine), Record,
    ];

    /// <summary>The error of a COPY that stops here.</summary>
    public RefusalException Refusal => new(
        Problem.State,
        string.Create(CultureInfo.InvariantCulture, $"""
            {Problem.Message}
              File '{File}', line {Line}, character {Character}
              Row {Row}{(Problem.Category == "parsing" ? $" starts at line {Number(RowLine)}" : "")}, column {Column}
              {Advice}
            """).ReplaceLineEndings("\n"),
        Problem.Code);

    /// <summary>The problem of a row that cannot be split into fields.</summary>
    public static CopyProblem From(CsvFault fault) => fault switch
    {
        CsvFault.BlankLine => new("100066", "22000", "End of record reached while expected to parse column", "parsing"),
        CsvFault.Quotes => new("100016", "22000", "Found character '\"' instead of field delimiter ','", "parsing"),
        CsvFault.MissingEndQuote => new("100067", "22000", "End of file reached while searching for the closing quote", "parsing"),
        _ => new("100082", "54000", "Max LOB size (16777216) exceeded", "parsing"),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
