using System.Globalization;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>A CREATE TABLE or ALTER TABLE as PostgreSQL gets it.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Afterwards">Statements that note what PostgreSQL does not know; they run in the same transaction, if there is one.</param>
public sealed record TableDdl(string Sql, IReadOnlyList<string> Afterwards)
{
    /// <summary>Rewrites a CREATE TABLE; null for another statement.</summary>
    /// <exception cref="RefusalException">Redshift lacks a part of it.</exception>
    public static TableDdl? Create(IReadOnlyList<SqlToken> tokens, Func<SqlToken, string> write)
    {
        var cursor = new SqlCursor(tokens);
        if (!cursor.Takes("create"))
            return null;
        var temporary = cursor.Takes("local", "temporary") || cursor.Takes("local", "temp") || cursor.Takes("temporary") || cursor.Takes("temp");
        if (!cursor.Takes("table"))
            return null;
        var ifNotExists = cursor.Takes("if", "not", "exists");
        var table = Name(cursor, tokens, write);
        var start = $"CREATE {(temporary ? "TEMP " : "")}TABLE {(ifNotExists ? "IF NOT EXISTS " : "")}{table}";
        var columns = new TableColumns(cursor, write);
        if (cursor.Sees("("))
            columns.ReadAll();
        columns.ReadTableAttributes();
        if (cursor.Takes("as"))
        {
            if (columns.HasDefinitions)
                throw RedshiftRefusal.Lacks("CREATE TABLE … AS with types of columns");
            var query = string.Join(' ', Enumerable.Range(cursor.Position, tokens.Count - cursor.Position).Select(i => write(tokens[i])));
            return new TableDdl($"{start} {columns.NameList}AS {query}", columns.Comments(table));
        }
        if (!cursor.AtEnd)
            throw cursor.Unexpected();
        if (!columns.HasDefinitions)
            throw RefusalException.Syntax("a table must have columns");
        return new TableDdl($"{start} ({columns.Definitions})", columns.Comments(table));
    }

    /// <summary>Rewrites an ALTER TABLE; null for another statement.</summary>
    /// <exception cref="RefusalException">Redshift lacks a part of it.</exception>
    public static TableDdl? Alter(IReadOnlyList<SqlToken> tokens, bool inTransaction, Func<SqlToken, string> write)
    {
        var cursor = new SqlCursor(tokens);
        if (!cursor.Takes("alter", "table"))
            return null;
        if (cursor.Sees("if", "exists"))
            throw RedshiftRefusal.Lacks("ALTER TABLE IF EXISTS");
        var table = Name(cursor, tokens, write);
        if (TopLevelComma(tokens, cursor.Position))
            throw RedshiftRefusal.Lacks("more than one action in ALTER TABLE");
        if (cursor.Takes("append"))
            throw inTransaction ? RedshiftRefusal.InTransaction("ALTER TABLE APPEND") : RedshiftRefusal.NotInStandIn("ALTER TABLE APPEND");
        if (cursor.Takes("alter"))
            return AlterColumn(cursor, table, inTransaction, write);
        if (cursor.Takes("add"))
            return AddColumn(cursor, table, write);
        return Plain(cursor, tokens, table, write);
    }

    private static TableDdl AddColumn(SqlCursor cursor, string table, Func<SqlToken, string> write)
    {
        if (cursor.Sees("constraint") || cursor.Sees("primary") || cursor.Sees("unique") || cursor.Sees("foreign") || cursor.Sees("check"))
            throw RedshiftRefusal.NotInStandIn("ALTER TABLE … ADD of a constraint");
        cursor.Takes("column");
        if (cursor.Sees("if", "not", "exists"))
            throw RedshiftRefusal.Lacks("IF NOT EXISTS of ADD COLUMN");
        var columns = new TableColumns(cursor, write);
        columns.ReadAdded();
        if (!cursor.AtEnd)
            throw cursor.Unexpected();
        return new TableDdl($"ALTER TABLE {table} ADD COLUMN {columns.Definitions}", columns.Comments(table));
    }

    private static TableDdl AlterColumn(SqlCursor cursor, string table, bool inTransaction, Func<SqlToken, string> write)
    {
        cursor.Takes("column");
        var column = write(cursor.Name());
        if (!cursor.Takes("type"))
            throw RedshiftRefusal.Lacks("ALTER COLUMN other than TYPE and ENCODE");
        var type = RedshiftType.Read(cursor);
        if (!cursor.AtEnd)
            throw RedshiftRefusal.Lacks("ALTER COLUMN … TYPE with USING");
        if (inTransaction)
            throw RedshiftRefusal.InTransaction("ALTER COLUMN … TYPE");
        if (type.Bytes is not { } bytes || !type.Sql.StartsWith("varchar", StringComparison.Ordinal))
            throw RedshiftRefusal.Lacks($"ALTER COLUMN … TYPE {type.Sql}: only the size of a VARCHAR column changes");
        // The function checks that the column is a VARCHAR, and exchanges the check of its length in bytes.
        var size = bytes.ToString(CultureInfo.InvariantCulture);
        var call = $"SELECT pg_catalog.redshift_resize({SqlTokens.Literal(table)}, {SqlTokens.Literal(column)}, {size})";
        return new TableDdl(call, []) { Tag = "ALTER TABLE" };
    }

    /// <summary>The tag of the answer, if the statement was exchanged for a query.</summary>
    public string? Tag { get; init; }

    private static TableDdl Plain(SqlCursor cursor, IReadOnlyList<SqlToken> tokens, string table, Func<SqlToken, string> write)
    {
        if (cursor.Sees("drop", "column", "if") || cursor.Sees("drop", "if"))
            throw RedshiftRefusal.Lacks("IF EXISTS of DROP COLUMN");
        if (!cursor.Sees("drop") && !cursor.Sees("rename") && !cursor.Sees("owner"))
            throw RedshiftRefusal.NotInStandIn($"ALTER TABLE … {cursor.Current.Value.ToUpperInvariant()}");
        return new TableDdl($"ALTER TABLE {table} {string.Join(' ', tokens.Skip(cursor.Position).Select(write))}", []);
    }

    private static bool TopLevelComma(IReadOnlyList<SqlToken> tokens, int from)
    {
        var depth = 0;
        foreach (var token in tokens.Skip(from))
        {
            depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
            if (depth == 0 && token.IsSymbol(","))
                return true;
        }
        return false;
    }

    private static string Name(SqlCursor cursor, IReadOnlyList<SqlToken> tokens, Func<SqlToken, string> write)
    {
        var (first, behind) = cursor.QualifiedName();
        return string.Concat(tokens.Skip(first).Take(behind - first).Select(write));
    }
}
