namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>COPY INTO a table from files of an external stage.</summary>
/// <param name="Table">The table's name of one to three parts.</param>
/// <param name="Location">The stage and the path in it.</param>
/// <param name="Files">The files, relative to the location.</param>
/// <param name="Nulls">The texts that stand for NULL.</param>
/// <param name="LacksColumns">Whether files may lack the table's last columns, which are NULL then.</param>
/// <param name="OnlyValidates">Whether it loads nothing and returns all errors.</param>
public sealed record CopyIntoStatement(
    IReadOnlyList<string> Table, StageLocation Location, IReadOnlyList<string> Files, IReadOnlyList<string> Nulls, bool LacksColumns,
    bool OnlyValidates) : SnowflakeStatement
{
    /// <summary>"The maximum number of files names that can be specified is 1000."</summary>
    public const int MaxFiles = 1000;

    /// <summary>Whether the files are compressed with gzip.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>Between two fields.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>The number of lines at the beginning of a file that are not loaded.</summary>
    public int HeaderLines { get; init; }

    /// <summary>Whether blank lines are no rows, instead of an error.</summary>
    public bool SkipsBlankLines { get; init; }

    /// <summary>"Specifies whether to insert SQL NULL for empty fields in an input file, which are represented by two successive delimiters."</summary>
    public bool EmptyFieldAsNull { get; init; }

    /// <summary>Reads one.</summary>
    public static CopyIntoStatement Read(StatementReader reader)
    {
        reader.Require("copy", "into");
        if (reader.Sees("@"))
            throw SnowflakeErrors.NotInStandIn("COPY INTO a location");
        var table = reader.QualifiedName();
        if (reader.Sees("("))
            throw SnowflakeErrors.NotInStandIn("COPY INTO with columns, which is documented for transformations only");
        reader.Require("from");
        if (reader.Sees("("))
            throw SnowflakeErrors.NotInStandIn("COPY INTO with a transformation");
        var location = StageLocation.Read(reader);
        if (!reader.Sees("files"))
            throw SnowflakeErrors.NotInStandIn("COPY INTO without FILES");
        reader.Require("files", "=");
        var files = ReadFiles(reader);
        reader.Require("file_format", "=");
        var format = CopyFormat.Read(reader);
        var copy = new CopyIntoStatement(table, location, files, format.Nulls, format.LacksColumns, OnlyValidates: false)
        {
            Gzip = format.Gzip, Delimiter = format.Delimiter, HeaderLines = format.HeaderLines, SkipsBlankLines = format.SkipsBlankLines,
            EmptyFieldAsNull = format.EmptyFieldAsNull,
        };
        if (reader.Takes("validation_mode"))
        {
            reader.Require("=", "return_all_errors");
            return copy with { OnlyValidates = true };
        }
        if (!reader.Sees("on_error"))
            throw SnowflakeErrors.NotInStandIn("COPY INTO without ON_ERROR = ABORT_STATEMENT");
        reader.Require("on_error", "=", "abort_statement");
        foreach (var option in (string[])["purge", "force", "truncatecolumns"])
            reader.Require(option, "=", "false");
        return copy;
    }

    private static List<string> ReadFiles(StatementReader reader)
    {
        reader.Require("(");
        var files = new List<string>();
        do
            files.Add(reader.Literal());
        while (reader.Takes(","));
        reader.Require(")");
        if (files.Count > MaxFiles)
            throw SnowflakeErrors.Syntax($"The number of files listed in FILES exceeds the limit of {MaxFiles}.");
        return files.Distinct(StringComparer.Ordinal).Count() == files.Count ? files : throw SnowflakeErrors.NotInStandIn("a file twice in FILES");
    }
}
