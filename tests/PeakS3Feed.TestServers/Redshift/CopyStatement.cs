using System.Globalization;
using System.Text.RegularExpressions;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>A <c>COPY … FROM 's3://…'</c>.</summary>
/// <param name="Table">The target, with its schema if the statement has one; each part without quotes.</param>
/// <param name="Columns">The columns in the order of the fields; empty for all columns of the table.</param>
/// <param name="Manifest">The manifest's URL.</param>
/// <param name="Role">The ARN of the role, or of a chain of roles with commas between them.</param>
/// <param name="Gzip">Whether the files are compressed.</param>
/// <param name="Delimiter">Between two fields.</param>
/// <param name="Null">The text that stands for NULL.</param>
/// <param name="AnyDate">Whether <c>DATEFORMAT 'auto'</c> accepts dates in other forms than the default.</param>
/// <param name="AnyTime">Whether <c>TIMEFORMAT 'auto'</c> accepts timestamps in other forms than the default.</param>
public sealed partial record CopyStatement(
    IReadOnlyList<string> Table, IReadOnlyList<string> Columns, string Manifest, string Role,
    bool Gzip, char Delimiter, string Null, bool AnyDate, bool AnyTime)
{
    /// <summary>The most bytes of a row: "The maximum size of a single input row from any source is 4 MB."</summary>
    public const int LongestRow = 4 * 1024 * 1024;

    /// <summary>How many errors a COPY that only checks the files (<c>NOLOAD</c>) finds before it fails; null for a COPY that loads.</summary>
    public int? CheckedErrors { get; init; }

    /// <summary>"Treats the specified number_rows as a file header and doesn't load them."</summary>
    public int HeaderRows { get; init; }

    /// <summary>"Ignores blank lines that only contain a line feed in a data file and does not try to load them."</summary>
    public bool SkipsBlankLines { get; init; }

    /// <summary>"Indicates that Amazon Redshift should load empty CHAR and VARCHAR fields as NULL."</summary>
    public bool EmptyAsNull { get; init; }

    /// <summary>The target as Redshift's messages name it.</summary>
    public string TableName => Table[^1];

    /// <summary>The target, quoted for SQL.</summary>
    public string QuotedTable => string.Join('.', Table.Select(SqlTokens.Quote));

    /// <summary>Reads a statement, or returns null if it is no COPY.</summary>
    /// <exception cref="RefusalException">It is one that Redshift or the stand-in lacks.</exception>
    public static CopyStatement? Read(IReadOnlyList<SqlToken> tokens)
    {
        var cursor = new SqlCursor(tokens);
        if (!cursor.Takes("copy"))
            return null;
        if (cursor.Sees("("))
            throw RedshiftRefusal.Lacks("COPY of a query (UNLOAD does that)");
        var (first, behind) = cursor.QualifiedName();
        var table = tokens.Skip(first).Take(behind - first).Where(t => t.IsName).Select(Name).ToList();
        var columns = ColumnList(cursor);
        if (cursor.Sees("to"))
            throw RedshiftRefusal.Lacks("COPY … TO (UNLOAD does that)");
        cursor.Require("from");
        if (cursor.Sees("stdin"))
            throw RedshiftRefusal.Lacks("COPY … FROM STDIN");
        var source = cursor.Literal();
        var options = new Options();
        while (!cursor.AtEnd)
            options.Read(cursor);
        return options.Create(table, columns, source);
    }

    private static List<string> ColumnList(SqlCursor cursor)
    {
        var columns = new List<string>();
        if (!cursor.Takes("("))
            return columns;
        do
            columns.Add(Name(cursor.Name()));
        while (cursor.Takes(","));
        cursor.Require(")");
        var twice = columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? columns : throw RedshiftRefusal.FromRedshift("42701", $"column \"{twice}\" specified more than once");
    }

    private static string Name(SqlToken token) => SqlTokens.Fold(token.Value);

    /// <summary>
    /// The options of a COPY. Those that the project must not use (TRUNCATECOLUMNS, BLANKSASNULL …) are refused; MAXERROR goes only with NOLOAD, and
    /// those that change staged values only with a header, which staged files do not have.
    /// </summary>
    private sealed partial class Options
    {
        private const string DefaultRole = "arn:aws:iam::123456789012:role/default";

        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private string? _role;
        private string _null = "\\N";
        private char _delimiter = ',';
        private bool _csv, _gzip, _manifest, _anyDate, _anyTime, _noLoad, _skipsBlankLines, _emptyAsNull;
        private int? _maxError;
        private int _headerRows;

        public void Read(SqlCursor cursor)
        {
            var option = cursor.Name().Value;
            if (!_seen.Add(option is "csv" ? "format" : option))
                throw RefusalException.Syntax($"conflicting or redundant options: {option}");
            switch (option)
            {
                case "iam_role": _role = cursor.Takes("default") ? DefaultRole : cursor.Literal(); break;
                case "manifest": _manifest = true; break;
                case "format": cursor.Takes("as"); cursor.Require("csv"); _csv = true; break;
                case "csv": _csv = true; break;
                case "gzip": _gzip = true; break;
                case "noload": _noLoad = true; break;
                case "maxerror": cursor.Takes("as"); _maxError = Number(cursor); break;
                case "ignoreheader": cursor.Takes("as"); _headerRows = Number(cursor); break;
                case "ignoreblanklines": _skipsBlankLines = true; break;
                case "emptyasnull": _emptyAsNull = true; break;
                case "delimiter": cursor.Takes("as"); _delimiter = Character(cursor); break;
                case "quote": cursor.Takes("as"); RequireValue("QUOTE", cursor.Literal(), "\""); break;
                case "null": cursor.Takes("as"); _null = cursor.Literal(); break;
                case "dateformat": cursor.Takes("as"); _anyDate = Format("DATEFORMAT", cursor.Literal(), "YYYY-MM-DD"); break;
                case "timeformat": cursor.Takes("as"); _anyTime = Format("TIMEFORMAT", cursor.Literal(), "YYYY-MM-DD HH:MI:SS"); break;
                case "encoding": cursor.Takes("as"); RequireValue("ENCODING", cursor.Next().Value.ToUpperInvariant(), "UTF8"); break;
                case "region": cursor.Takes("as"); cursor.Literal(); break;
                case "compupdate": Switch(cursor, "preset"); break;
                case "statupdate": Switch(cursor); break;
                case "credentials" or "access_key_id" or "secret_access_key" or "session_token":
                    throw RedshiftRefusal.NotInStandIn("COPY with keys: IAM_ROLE keeps secrets out of statements");
                default: throw RedshiftRefusal.NotInStandIn($"the COPY option {option.ToUpperInvariant()}");
            }
        }

        public CopyStatement Create(List<string> table, List<string> columns, string source)
        {
            if (_role is null)
                throw RedshiftRefusal.FromRedshift("42601", "COPY requires IAM_ROLE");
            if (_role.Split(',').FirstOrDefault(r => !Arn().IsMatch(r)) is { } wrong)
                throw RedshiftRefusal.FromRedshift("42601", $"Invalid IAM_ROLE: '{wrong}' is not the ARN of a role");
            if (!_csv)
                throw RedshiftRefusal.NotInStandIn("COPY without FORMAT AS CSV");
            if (!_manifest)
                throw RedshiftRefusal.NotInStandIn("COPY without MANIFEST: a key prefix can match files of others");
            if (_maxError is not null && !_noLoad)
                throw RedshiftRefusal.NotInStandIn("the COPY option MAXERROR without NOLOAD: rows would be missing");
            if (_headerRows == 0 && (_skipsBlankLines || _emptyAsNull))
                throw RedshiftRefusal.NotInStandIn("EMPTYASNULL or IGNOREBLANKLINES without IGNOREHEADER: staged files have neither");
            return new CopyStatement(table, columns, source, _role, _gzip, _delimiter, _null, _anyDate, _anyTime)
            {
                CheckedErrors = _noLoad ? _maxError ?? 0 : null, HeaderRows = _headerRows, SkipsBlankLines = _skipsBlankLines, EmptyAsNull = _emptyAsNull,
            };
        }

        private static int Number(SqlCursor cursor)
            => int.TryParse(cursor.Next().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 100_000
                ? number
                : throw RefusalException.Syntax("MAXERROR is 0 to 100000");

        private static char Character(SqlCursor cursor)
            => cursor.Literal() is [var one] && char.IsAscii(one) && one is not ('"' or '\n' or '\r')
                ? one
                : throw RefusalException.Syntax("COPY delimiter must be a single ASCII character");

        private static bool Format(string option, string value, string fallback)
        {
            if (value == "auto")
                return true;
            RequireValue(option, value, fallback);
            return false;
        }

        private static void RequireValue(string option, string value, string known)
        {
            if (value != known)
                throw RedshiftRefusal.NotInStandIn(string.Create(CultureInfo.InvariantCulture, $"{option} '{value}'"));
        }

        private static void Switch(SqlCursor cursor, string? further = null)
        {
            if (!cursor.Takes("on") && !cursor.Takes("off") && !cursor.Takes("true") && !cursor.Takes("false") && further is not null)
                cursor.Takes(further);
        }

        // Ceph's accounts have no number, so the number may be missing here.
        [GeneratedRegex(@"^arn:aws[a-z-]*:iam::(\d{12})?:role/[\w+=,.@/-]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Arn();
    }
}
