using System.Globalization;
using System.Text.RegularExpressions;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>A query as PostgreSQL gets it.</summary>
/// <param name="Sql">The SQL.</param>
/// <param name="Into">The variables of a block that get the values of its one row; empty for a query that returns its rows.</param>
/// <param name="HasTables">Whether it reads tables.</param>
public sealed record Query(string Sql, IReadOnlyList<string> Into, bool HasTables);

/// <summary>Reads SELECT statements and writes them for PostgreSQL.</summary>
public static partial class QueryReader
{
    private static readonly string[] InformationTables = ["TABLES", "COLUMNS"];

    /// <summary>Reads a query.</summary>
    /// <param name="reader">The statement.</param>
    /// <param name="mayHaveInto">Whether its row may go into variables.</param>
    public static Query Read(StatementReader reader, bool mayHaveInto = false)
    {
        reader.Require("select");
        var sql = new List<string> { reader.Takes("distinct") ? "SELECT DISTINCT" : "SELECT", Items(reader) };
        var into = mayHaveInto && reader.Takes("into") ? Variables(reader) : [];
        var hasTables = reader.Takes("from");
        if (hasTables)
            sql.Add("FROM " + ReadTables(reader, "SELECT"));
        if (reader.Takes("where"))
            sql.Add("WHERE " + ExpressionReader.Read(reader));
        if (reader.Takes("group", "by"))
            sql.Add("GROUP BY " + ExpressionReader.ReadList(reader));
        if (reader.Sees("order"))
            sql.Add(ReadOrder(reader));
        if (reader.Takes("limit"))
            sql.Add("LIMIT " + reader.WholeNumber(0, int.MaxValue).ToString(CultureInfo.InvariantCulture));
        return new Query(string.Join(' ', sql), into, hasTables);
    }

    /// <summary>Reads tables with commas between them, and the joins of each.</summary>
    public static string ReadTables(StatementReader reader, string operation)
    {
        var sql = ReadTable(reader, operation);
        while (true)
        {
            if (reader.Takes(","))
                sql = $"{sql}, {ReadTable(reader, operation)}";
            else if (reader.Takes("left", "join") || reader.Takes("left", "outer", "join"))
                sql = $"{sql} LEFT JOIN {Joined(reader, operation)}";
            else if (reader.Takes("join") || reader.Takes("inner", "join"))
                sql = $"{sql} JOIN {Joined(reader, operation)}";
            else
                return sql;
        }
    }

    /// <summary>Reads a table or a query in parentheses, with its alias.</summary>
    public static string ReadTable(StatementReader reader, string operation)
    {
        string sql;
        string? table = null;
        if (reader.Takes("("))
        {
            sql = $"({Read(reader).Sql})";
            reader.Require(")");
        }
        else
            (sql, table) = Table(reader, operation);
        var alias = reader.Takes("as") || reader.SeesName() && !IsClause(reader) ? reader.Name() : table;
        if (alias is null)
            throw SnowflakeErrors.NotInStandIn("a query in FROM without an alias");
        return alias == table && !sql.StartsWith('(') ? sql : $"{sql} {reader.Scope.Quote(alias)}";
    }

    /// <summary>Reads ORDER BY.</summary>
    public static string ReadOrder(StatementReader reader)
    {
        reader.Require("order", "by");
        var items = new List<string>();
        do
        {
            var item = ExpressionReader.Read(reader);
            items.Add(reader.Takes("desc") ? item + " DESC" : reader.Takes("asc") ? item + " ASC" : item);
        }
        while (reader.Takes(","));
        return "ORDER BY " + string.Join(", ", items);
    }

    private static string Joined(StatementReader reader, string operation)
    {
        var table = ReadTable(reader, operation);
        reader.Require("on");
        return $"{table} ON {ExpressionReader.Read(reader)}";
    }

    // These words are no aliases, though Snowflake does not reserve them.
    private static bool IsClause(StatementReader reader)
        => reader.Sees("limit") || reader.Sees("offset") || reader.Sees("fetch") || reader.Sees("asof") || reader.Sees("matched");

    private static (string Sql, string Name) Table(StatementReader reader, string operation)
    {
        var name = reader.QualifiedName();
        if (name is [.., "INFORMATION_SCHEMA", var view])
        {
            if (!InformationTables.Contains(view, StringComparer.Ordinal))
                throw SnowflakeErrors.NotInStandIn("INFORMATION_SCHEMA." + view);
            var database = name.Count == 3 ? name[0] : reader.Scope.Database ?? throw SnowflakeErrors.NoDatabase(operation);
            var source = $"snowflake_account.{SqlTokens.Quote(view)}";
            return ($"(SELECT * FROM {source} WHERE \"TABLE_CATALOG\" = {SqlTokens.Literal(database)})", view);
        }
        return (reader.Scope.Table(name, operation), name[^1]);
    }

    private static string Items(StatementReader reader)
    {
        var items = new List<string>();
        do
        {
            if (reader.Sees("*"))
                throw SnowflakeErrors.NotInStandIn("SELECT *");
            var start = reader.Current.Start;
            var sql = ExpressionReader.Read(reader);
            var end = reader.AtEnd ? reader.Text.Length : reader.Current.Start;
            if (reader.Takes("as") || (reader.SeesName() && !IsClause(reader)))
                sql = $"{sql} AS {reader.Scope.Quote(reader.Name())}";
            else if (!ColumnName().IsMatch(sql))
                sql = $"{sql} AS {reader.Scope.Quote(Label(reader.Text[start..end]))}";
            items.Add(sql);
        }
        while (reader.Takes(","));
        return string.Join(", ", items);
    }

    // Snowflake names a column without an alias by its expression.
    private static string Label(string expression)
    {
        var text = SqlTokens.FoldUp(expression.Trim());
        return text.Length > 255 ? text[..255] : text;
    }

    [GeneratedRegex("^(?:\"(?:[^\"]|\"\")+\"\\.)?\"(?:[^\"]|\"\")+\"\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ColumnName();

    private static List<string> Variables(StatementReader reader)
    {
        var names = new List<string>();
        do
        {
            reader.Require(":");
            names.Add(reader.Name());
        }
        while (reader.Takes(","));
        return names;
    }
}
