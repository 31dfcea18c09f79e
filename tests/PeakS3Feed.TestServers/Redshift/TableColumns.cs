using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>
/// The columns of a CREATE TABLE or an ADD COLUMN. Keys are noted and not enforced, as in Redshift; what orders and distributes the rows is
/// noted in comments on the columns; and lengths of texts become checks of their bytes.
/// </summary>
internal sealed class TableColumns(SqlCursor cursor, Func<SqlToken, string> write)
{
    private sealed record Column(string Name, string Definition)
    {
        public bool NotNull { get; set; }

        public string? Encoding { get; set; }
    }

    private readonly List<Column> _columns = [];
    private readonly List<string> _likes = [];
    private readonly List<string> _names = [];
    private readonly List<string> _sortKey = [];
    private readonly HashSet<string> _primaryKey = new(StringComparer.Ordinal);
    private string? _distKey;

    public bool HasDefinitions => _columns.Count + _likes.Count > 0;

    public string Definitions
        => string.Join(", ", _columns.Select(c => c.Definition + (c.NotNull || _primaryKey.Contains(c.Name) ? " NOT NULL" : "")).Concat(_likes));

    public string NameList => _names.Count == 0 ? "" : $"({string.Join(", ", _names)}) ";

    /// <summary>What pg_table_def and svv_redshift_columns show, as comments on the columns.</summary>
    public IReadOnlyList<string> Comments(string table)
    {
        var comments = new List<string>();
        var names = _columns.Select(c => c.Name).Concat(_names).Concat(_sortKey).Append(_distKey).OfType<string>();
        foreach (var column in names.Distinct(StringComparer.Ordinal))
        {
            var dist = column == _distKey ? "1" : "0";
            var sort = (_sortKey.IndexOf(column) + 1).ToString(CultureInfo.InvariantCulture);
            var encoding = _columns.Find(c => c.Name == column)?.Encoding ?? "none";
            if (dist != "0" || sort != "0" || encoding != "none")
                comments.Add($"COMMENT ON COLUMN {table}.{column} IS 'redshift {dist} {sort} {encoding}'");
        }
        return comments;
    }

    /// <summary>Reads what stands in parentheses behind the name of a new table.</summary>
    public void ReadAll()
    {
        cursor.Require("(");
        do
            ReadEntry();
        while (cursor.Takes(","));
        cursor.Require(")");
    }

    /// <summary>Reads the column of an ADD COLUMN.</summary>
    public void ReadAdded()
    {
        ReadColumn();
        if (_primaryKey.Count + _sortKey.Count > 0 || _distKey is not null)
            throw RedshiftRefusal.Lacks("ADD COLUMN with a key");
        if (_columns[0].NotNull && !_columns[0].Definition.Contains(" DEFAULT ", StringComparison.Ordinal))
            throw RedshiftRefusal.Lacks("ADD COLUMN with NOT NULL and without DEFAULT");
    }

    /// <summary>Reads what follows the columns.</summary>
    public void ReadTableAttributes()
    {
        while (true)
        {
            if (cursor.Takes("backup"))
                _ = cursor.Takes("yes") || cursor.Takes("no") ? true : throw cursor.Unexpected();
            else if (cursor.Takes("diststyle"))
                _ = cursor.Takes("even") || cursor.Takes("key") || cursor.Takes("all") || cursor.Takes("auto") ? true : throw cursor.Unexpected();
            else if (cursor.Takes("distkey"))
                SetDistKey(Names() is [var one] ? one : throw RedshiftRefusal.Lacks("a DISTKEY of several columns"));
            else if (cursor.Sees("compound", "sortkey") || cursor.Sees("interleaved", "sortkey") || cursor.Sees("sortkey"))
                ReadSortKey();
            else if (cursor.Takes("encode"))
                cursor.Require("auto");
            else
                break;
        }
        foreach (var key in _sortKey.Append(_distKey).OfType<string>().Concat(_primaryKey))
        {
            if (_columns.Count > 0 && _likes.Count == 0 && !_columns.Exists(c => c.Name == key))
                throw RedshiftRefusal.FromRedshift("42703", $"column {key} named in key does not exist");
        }
    }

    private void ReadSortKey()
    {
        if (!cursor.Takes("compound"))
            cursor.Takes("interleaved");
        cursor.Require("sortkey");
        if (cursor.Takes("auto"))
            return;
        if (_sortKey.Count > 0)
            throw RedshiftRefusal.Lacks("two SORTKEYs");
        _sortKey.AddRange(Names());
    }

    private void ReadEntry()
    {
        if (cursor.Takes("like"))
        {
            var source = ReadName();
            if (!cursor.Takes("including", "defaults"))
                cursor.Takes("excluding", "defaults");
            _likes.Add($"LIKE {source} INCLUDING CONSTRAINTS INCLUDING COMMENTS INCLUDING DEFAULTS");
        }
        else if (cursor.Takes("constraint"))
        {
            cursor.Name();
            ReadConstraint();
        }
        else if (cursor.Peek(1).IsSymbol(",") || cursor.Peek(1).IsSymbol(")"))
            _names.Add(write(cursor.Name())); // of a CREATE TABLE … AS
        else if (!TryReadConstraint())
            ReadColumn();
    }

    private void ReadConstraint()
    {
        if (!TryReadConstraint())
            throw cursor.Unexpected();
    }

    private bool TryReadConstraint()
    {
        if (cursor.Sees("check", "(") || cursor.Sees("exclude"))
            throw RedshiftRefusal.Lacks($"{cursor.Current.Value.ToUpperInvariant()} constraints");
        if (cursor.Takes("primary", "key"))
            _primaryKey.UnionWith(Names());
        else if (cursor.Takes("unique"))
            Names();
        else if (cursor.Takes("foreign", "key"))
        {
            Names();
            ReadReferences();
        }
        else
            return false;
        return true;
    }

    private void ReadReferences()
    {
        cursor.Require("references");
        ReadName();
        if (cursor.Sees("("))
            Names();
    }

    private void ReadColumn()
    {
        var name = write(cursor.Name());
        var type = RedshiftType.Read(cursor);
        var definition = $"{name} {type.Sql}";
        if (type.Bytes is { } bytes)
        {
            var check = string.Create(CultureInfo.InvariantCulture, $"CHECK (octet_length({name}::text) <= {bytes})");
            definition += $" CONSTRAINT {BytesConstraint(name)} {check}";
        }
        var column = new Column(name, definition);
        _columns.Add(column);
        while (ReadAttribute(ref column))
            _columns[^1] = column;
    }

    private bool ReadAttribute(ref Column column)
    {
        if (cursor.Takes("not", "null"))
            column.NotNull = true;
        else if (cursor.Takes("default"))
            column = column with { Definition = $"{column.Definition} DEFAULT {Expression()}" };
        else if (cursor.Takes("encode"))
            column.Encoding = cursor.Name().Value;
        else if (cursor.Takes("distkey"))
            SetDistKey(column.Name);
        else if (cursor.Takes("sortkey"))
            _sortKey.Add(column.Name);
        else if (cursor.Takes("primary", "key"))
            _primaryKey.Add(column.Name);
        else if (cursor.Sees("references"))
            ReadReferences();
        else if (cursor.Sees("identity") || cursor.Sees("generated") || cursor.Sees("collate"))
            throw RedshiftRefusal.NotInStandIn($"columns with {cursor.Current.Value.ToUpperInvariant()}");
        else if (cursor.Sees("check"))
            throw RedshiftRefusal.Lacks("CHECK constraints");
        else
            return cursor.Takes("null") || cursor.Takes("unique");
        return true;
    }

    private string Expression()
    {
        var words = new List<string>();
        do
        {
            if (cursor.Sees("("))
            {
                var from = cursor.Position;
                cursor.Parentheses();
                var behind = cursor.Position;
                for (cursor.Position = from; cursor.Position < behind;)
                    words.Add(write(cursor.Next()));
            }
            else
                words.Add(write(cursor.Next()));
        }
        while (GoesOn() || words[^1] is "::" or "||" or "+" or "-" or "*");
        return string.Join(' ', words);
    }

    private bool GoesOn() => !cursor.AtEnd && cursor.Current.Kind is SqlTokenKind.Symbol && cursor.Current.Value is not ("," or ")");

    private void SetDistKey(string column)
        => _distKey = _distKey is null ? column : throw RedshiftRefusal.Lacks("two DISTKEYs");

    private List<string> Names()
    {
        var names = new List<string>();
        cursor.Require("(");
        do
            names.Add(write(cursor.Name()));
        while (cursor.Takes(","));
        cursor.Require(")");
        return names;
    }

    private string ReadName()
    {
        var name = write(cursor.Name());
        while (cursor.Takes("."))
            name += "." + write(cursor.Name());
        return name;
    }

    /// <summary>The name of the check of a column's length in bytes. PostgreSQL's function redshift_resize finds it by its start.</summary>
    private static string BytesConstraint(string column)
        => "redshift_bytes_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(column)))[..32];
}
