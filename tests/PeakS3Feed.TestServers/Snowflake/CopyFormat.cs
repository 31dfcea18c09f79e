namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>The file format of a COPY INTO. Each option must be there: a default could change, or differ from what the documentation says.</summary>
internal sealed class CopyFormat
{
    private static readonly Dictionary<string, string> Same = new(StringComparer.Ordinal)
    {
        ["type"] = "csv", ["record_delimiter"] = "'\n'", ["field_optionally_enclosed_by"] = "'\"'", ["escape"] = "none",
        ["escape_unenclosed_field"] = "none", ["trim_space"] = "false", ["encoding"] = "'UTF8'", ["replace_invalid_characters"] = "false",
    };

    private readonly HashSet<string> _left
        = [.. Same.Keys, "compression", "field_delimiter", "empty_field_as_null", "skip_header", "skip_blank_lines", "error_on_column_count_mismatch"];

    private List<string>? _nulls;
    private bool _hasDateFormat;

    public IReadOnlyList<string> Nulls => _nulls!;

    public bool Gzip { get; private set; }

    public char Delimiter { get; private set; }

    public int HeaderLines { get; private set; }

    public bool SkipsBlankLines { get; private set; }

    public bool EmptyFieldAsNull { get; private set; }

    public bool LacksColumns { get; private set; }

    /// <summary>Reads one.</summary>
    public static CopyFormat Read(StatementReader reader)
    {
        reader.Require("(");
        var format = new CopyFormat();
        while (!reader.Takes(")"))
            format.ReadOption(reader);
        if (format._left.Count > 0)
            throw SnowflakeErrors.NotInStandIn($"a file format without {format._left.First().ToUpperInvariant()}");
        if (format._nulls is null)
            throw SnowflakeErrors.NotInStandIn("a file format without NULL_IF");
        return format.HeaderLines > 0 || format.IsOfStagedFiles
            ? format
            : throw SnowflakeErrors.NotInStandIn("a file without a header that has not the format of staged files");
    }

    private bool IsOfStagedFiles
        => this is { Gzip: true, Delimiter: ',', SkipsBlankLines: false, EmptyFieldAsNull: false, _nulls.Count: 1, _hasDateFormat: true };

    private void ReadOption(StatementReader reader)
    {
        var option = reader.Word();
        reader.Require("=");
        if (option == "null_if" && _nulls is null)
        {
            _nulls = ReadList(reader);
            return;
        }
        if (option == "date_format") // of staged files alone
        {
            Expect(option, Value(reader), "'YYYY-MM-DD'");
            _hasDateFormat = true;
            return;
        }
        if (!_left.Remove(option))
            throw SnowflakeErrors.NotInStandIn($"the file format option {option.ToUpperInvariant()}");
        switch (option)
        {
            case "compression": Gzip = Choose(option, reader.Word(), "gzip", "none"); break;
            case "field_delimiter": Delimiter = Character(reader.Literal()); break;
            case "skip_header": HeaderLines = reader.WholeNumber(0, 1); break;
            case "skip_blank_lines": SkipsBlankLines = Choose(option, reader.Word(), "true", "false"); break;
            case "empty_field_as_null": EmptyFieldAsNull = Choose(option, reader.Word(), "true", "false"); break;
            case "error_on_column_count_mismatch": LacksColumns = Choose(option, reader.Word(), "false", "true"); break;
            default: Expect(option, Value(reader), Same[option]); break;
        }
    }

    private static List<string> ReadList(StatementReader reader)
    {
        List<string> list = [];
        reader.Require("(");
        while (!reader.Takes(")"))
        {
            list.Add(reader.Literal());
            reader.Takes(",");
        }
        return list;
    }

    private static string Value(StatementReader reader)
        => reader.Current.Kind is Sql.SqlTokenKind.Literal ? $"'{reader.Literal()}'" : reader.Word();

    private static char Character(string text)
        => text is [var one] && char.IsAscii(one) ? one : throw SnowflakeErrors.NotInStandIn($"FIELD_DELIMITER = '{text}'");

    private static bool Choose(string option, string value, string yes, string no)
        => value == yes || (value == no ? false : throw SnowflakeErrors.NotInStandIn($"the file format option {option.ToUpperInvariant()} = {value}"));

    private static void Expect(string option, string value, string expected)
    {
        if (value != expected)
            throw SnowflakeErrors.NotInStandIn($"the file format option {option.ToUpperInvariant()} = {value}");
    }
}
