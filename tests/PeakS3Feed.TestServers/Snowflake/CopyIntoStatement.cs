namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>COPY INTO a table from files of an external stage.</summary>
/// <param name="Table">The table's name of one to three parts.</param>
/// <param name="Location">The stage and the path in it.</param>
/// <param name="Files">The files, relative to the location.</param>
/// <param name="Null">The text that stands for NULL.</param>
/// <param name="LacksColumns">Whether files may lack the table's last columns, which are NULL then.</param>
/// <param name="OnlyValidates">Whether it loads nothing and returns all errors.</param>
public sealed record CopyIntoStatement(
    IReadOnlyList<string> Table, StageLocation Location, IReadOnlyList<string> Files, string Null, bool LacksColumns, bool OnlyValidates) : SnowflakeStatement
{
    /// <summary>"The maximum number of files names that can be specified is 1000."</summary>
    public const int MaxFiles = 1000;

    // Each of these must be there: a default could change, or differ from what the documentation says.
    private static readonly Dictionary<string, string> Format = new(StringComparer.Ordinal)
    {
        ["type"] = "csv", ["compression"] = "gzip", ["field_delimiter"] = "','", ["record_delimiter"] = "'\n'",
        ["field_optionally_enclosed_by"] = "'\"'", ["escape"] = "none", ["escape_unenclosed_field"] = "none",
        ["empty_field_as_null"] = "false", ["trim_space"] = "false", ["encoding"] = "'UTF8'", ["date_format"] = "'YYYY-MM-DD'",
        ["skip_blank_lines"] = "false", ["replace_invalid_characters"] = "false",
    };

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
        var (token, lacksColumns) = ReadFormat(reader);
        if (reader.Takes("validation_mode"))
        {
            reader.Require("=", "return_all_errors");
            return new(table, location, files, token, lacksColumns, OnlyValidates: true);
        }
        if (!reader.Sees("on_error"))
            throw SnowflakeErrors.NotInStandIn("COPY INTO without ON_ERROR = ABORT_STATEMENT");
        reader.Require("on_error", "=", "abort_statement");
        foreach (var option in (string[])["purge", "force", "truncatecolumns"])
            reader.Require(option, "=", "false");
        return new(table, location, files, token, lacksColumns, OnlyValidates: false);
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

    private static (string Token, bool LacksColumns) ReadFormat(StatementReader reader)
    {
        reader.Require("(");
        var left = new HashSet<string>(Format.Keys, StringComparer.Ordinal) { "skip_header" };
        string? token = null;
        bool? mismatches = null;
        while (!reader.Takes(")"))
        {
            var option = reader.Word();
            reader.Require("=");
            if (option == "null_if" && token is null)
            {
                reader.Require("(");
                token = reader.Literal();
                reader.Require(")");
                continue;
            }
            if (option == "skip_header" && left.Remove(option))
            {
                reader.WholeNumber(0, 0);
                continue;
            }
            if (option == "error_on_column_count_mismatch" && mismatches is null)
            {
                mismatches = reader.Takes("false");
                if (mismatches is false)
                    reader.Require("true");
                continue;
            }
            var value = reader.Current.Kind is Sql.SqlTokenKind.Literal ? $"'{reader.Literal()}'" : reader.Word();
            if (!Format.TryGetValue(option, out var expected) || value != expected || !left.Remove(option))
                throw SnowflakeErrors.NotInStandIn($"the file format option {option.ToUpperInvariant()} = {value}");
        }
        if (left.Count > 0)
            throw SnowflakeErrors.NotInStandIn($"a file format without {left.First().ToUpperInvariant()}");
        return (
            token ?? throw SnowflakeErrors.NotInStandIn("a file format without NULL_IF"),
            mismatches ?? throw SnowflakeErrors.NotInStandIn("a file format without ERROR_ON_COLUMN_COUNT_MISMATCH"));
    }
}
